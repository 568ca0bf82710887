using static TorchSharp.torch;

namespace Moesaic.Models.Olmoe;

/// <summary>OLMoE-1B-7B: 64 small experts, 8 per token; queries and keys normed over their full width.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2409.02060. Checkpoint: allenai/OLMoE-1B-7B-0924.</remarks>
[MoeModel("olmoe", Architectures = ["OlmoeForCausalLM"])]
public sealed partial class OlmoeForCausalLm(OlmoeConfig config) : CausalLm<OlmoeConfig, OlmoeDecoderLayer>(config);

/// <summary>Attention, then experts, each on a normed residual stream.</summary>
[Module]
public sealed partial class OlmoeDecoderLayer(OlmoeConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public OlmoeAttention SelfAttn { get; } = new(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public OlmoeSparseMoeBlock Mlp { get; } = new(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + Mlp.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Softmax over all experts, keep the top k as they are.</summary>
[MoeBlock<SoftmaxTopKRouter, SwiGlu>]
public sealed partial class OlmoeSparseMoeBlock(OlmoeConfig config) : MoeBlock(config);

/// <summary>What OLMoE reads from config.json.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
public sealed partial record OlmoeConfig : IDecoderConfig, IAttentionConfig, IMoeConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    [ConfigKey("num_key_value_heads")] public int? KeyValueHeads { get; init; }
    public int NumKeyValueHeads => KeyValueHeads ?? NumAttentionHeads;
    public int? HeadDim => null;
    public bool AttentionBias { get; init; }
    public double? ClipQkv { get; init; }
    public int? SlidingWindow => null;
    public required int MaxPositionEmbeddings { get; init; }
    public double RmsNormEps { get; init; } = 1e-5;
    public bool TieWordEmbeddings { get; init; }
    public required RopeParameters RopeParameters { get; init; }

    public required int NumExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    [ConfigKey("intermediate_size")] public required int MoeIntermediateSize { get; init; }
    public bool NormTopkProb { get; init; }
}
