using static TorchSharp.torch;

namespace Moesaic.Models.Mixtral;

/// <summary>Mixtral 8x7B and 8x22B: a Mistral decoder whose MLP is eight SwiGLU experts, two per token.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2401.04088. Checkpoint: mistralai/Mixtral-8x7B-v0.1.</remarks>
[MoeModel("mixtral", Architectures = ["MixtralForCausalLM"])]
public sealed partial class MixtralForCausalLm(MixtralConfig config) : CausalLm<MixtralConfig, MixtralDecoderLayer>(config);

/// <summary>Attention, then experts, each on a normed residual stream.</summary>
[Module]
public sealed partial class MixtralDecoderLayer(MixtralConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public GroupedQueryAttention SelfAttn { get; } = new(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public MixtralSparseMoeBlock BlockSparseMoe { get; } = new(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + BlockSparseMoe.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Softmax over all experts, keep the top k, renormalize; the checkpoint keeps one w1, w3, w2 per expert.</summary>
[MoeBlock<SoftmaxTopKRouter, SwiGlu>]
[ExpertWeights(Gate = "w1", Up = "w3", Down = "w2")]
public sealed partial class MixtralSparseMoeBlock(MixtralConfig config) : MoeBlock(config);

/// <summary>What Mixtral reads from config.json, under the field's standard names.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
public sealed partial record MixtralConfig : IDecoderConfig, IAttentionConfig, IMoeConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim { get; init; }
    public int? SlidingWindow { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 4096 * 32;
    public double RmsNormEps { get; init; } = 1e-5;
    public bool TieWordEmbeddings { get; init; }
    public required RopeParameters RopeParameters { get; init; }

    [ConfigKey("num_local_experts")] public required int NumExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    [ConfigKey("intermediate_size")] public required int MoeIntermediateSize { get; init; }
    public bool NormTopkProb => true; // Mixtral always renormalizes; config.json has no key for it.
}
