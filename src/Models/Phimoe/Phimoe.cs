using static TorchSharp.torch;

namespace Moesaic.Models.Phimoe;

/// <summary>Phi-3.5-MoE and Phi-mini-MoE: two of sixteen experts, chosen and weighed one after the other; LayerNorm, biases, LongRoPE.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2409.12136. Checkpoint: microsoft/Phi-3.5-MoE-instruct.</remarks>
[MoeModel("phimoe", Architectures = ["PhimoeForCausalLM", "PhiMoEForCausalLM"])]
public sealed partial class PhimoeForCausalLm(PhimoeConfig config) : CausalLm<PhimoeConfig, PhimoeDecoderLayer>(
    config, norm: new LayerNorm(config.HiddenSize, config.RmsNormEps), headBias: config.LmHeadBias);

/// <summary>Attention, then experts, each on a normed residual stream.</summary>
[Module]
public sealed partial class PhimoeDecoderLayer(PhimoeConfig config, int layerIndex) : DecoderLayer
{
    public LayerNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public GroupedQueryAttention SelfAttn { get; } = new(config, layerIndex, bias: config.AttentionBias, outputBias: config.AttentionBias);
    public LayerNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public PhimoeSparseMoeBlock BlockSparseMoe { get; } = new(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + BlockSparseMoe.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Sparsemixer; the checkpoint keeps one w1, w3, w2 per expert.</summary>
[MoeBlock<SparsemixerRouter, SwiGlu>]
[ExpertWeights(Gate = "w1", Up = "w3", Down = "w2")]
public sealed partial class PhimoeSparseMoeBlock(PhimoeConfig config) : MoeBlock(config);

/// <summary>What PhiMoE reads from config.json.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("num_experts_per_tok", 2)]
public sealed partial record PhimoeConfig : IDecoderConfig, IAttentionConfig, IMoeConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim { get; init; }
    public bool AttentionBias { get; init; }
    public bool LmHeadBias { get; init; }
    public int? SlidingWindow { get; init; }
    public required int MaxPositionEmbeddings { get; init; }
    public double RmsNormEps { get; init; } = 1e-5;
    public bool TieWordEmbeddings { get; init; }
    public required RopeParameters RopeParameters { get; init; }

    [ConfigKey("num_local_experts")] public required int NumExperts { get; init; }
    public int TopK => 2; // Sparsemixer has two rounds.
    [ConfigKey("intermediate_size")] public required int MoeIntermediateSize { get; init; }
    public double RouterJitterNoise { get; init; } = 0.01;
}
