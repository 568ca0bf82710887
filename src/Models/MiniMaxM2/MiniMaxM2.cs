using static TorchSharp.torch;

namespace Moesaic.Models.MiniMaxM2;

/// <summary>MiniMax-M2: full-width query and key norms, half a head turns; 256 sigmoid-routed experts, 8 a token, none shared.</summary>
/// <remarks>Checkpoint: MiniMaxAI/MiniMax-M2.</remarks>
[MoeModel("minimax_m2", Architectures = ["MiniMaxM2ForCausalLM"])]
public sealed partial class MiniMaxM2ForCausalLm(MiniMaxM2Config config) : CausalLm<MiniMaxM2Config, MiniMaxM2DecoderLayer>(config);

/// <summary>Attention, then experts, each on a normed residual stream.</summary>
[Module]
public sealed partial class MiniMaxM2DecoderLayer(MiniMaxM2Config config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public MiniMaxM2Attention SelfAttn { get; } = new(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public MiniMaxM2SparseMoeBlock BlockSparseMoe { get; } = new(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + BlockSparseMoe.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Queries and keys are normed over all heads together before they turn.</summary>
[Module]
public sealed partial class MiniMaxM2Attention(MiniMaxM2Config config, int layerIndex) : GroupedQueryAttention(config, layerIndex)
{
    public RmsNorm QNorm { get; } = new(config.NumAttentionHeads * config.HeadWidth, config.RmsNormEps);
    public RmsNorm KNorm { get; } = new(config.NumKeyValueHeads * config.HeadWidth, config.RmsNormEps);

    protected override (Tensor Query, Tensor Key, Tensor Value) Project(Tensor x) => (
        Heads(QNorm.forward(QProj.forward(x)), HeadDim),
        Heads(KNorm.forward(KProj.forward(x)), HeadDim),
        Heads(VProj.forward(x), HeadDim));
}

/// <summary>Sigmoid scores in float32; the checkpoint keeps the bias that moves the choice on the block.</summary>
[MoeBlock<SigmoidTopKRouter, SwiGlu>]
[RouterWeights(SelectionBias = "e_score_correction_bias", Float32 = true)]
[ExpertWeights(Gate = "w1", Up = "w3", Down = "w2")]
public sealed partial class MiniMaxM2SparseMoeBlock(MiniMaxM2Config config) : MoeBlock(config);

/// <summary>What MiniMax-M2 reads from config.json.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("scoring_func", "sigmoid")]
[ConfigSupports("use_routing_bias", true)]
[ConfigSupports("use_qk_norm", true)]
[ConfigSupports("qk_norm_type", "per_layer")]
[ConfigSupports("shared_intermediate_size", 0)]
public sealed partial record MiniMaxM2Config : IDecoderConfig, IAttentionConfig, IMoeConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim { get; init; }
    public int? RotaryDim { get; init; }
    public int? SlidingWindow => null;
    public required RopeParameters RopeParameters { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 196608;
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; }
    internal int HeadWidth => HeadDim ?? HiddenSize / NumAttentionHeads;

    [ConfigKey("num_local_experts")] public required int NumExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    [ConfigKey("intermediate_size")] public required int MoeIntermediateSize { get; init; }
    public bool NormTopkProb => true; // MiniMax-M2 always renormalizes and never scales; config.json has no key for either.
    public double RoutedScalingFactor => 1;

    RopeParameters IAttentionConfig.RopeParameters =>
        RotaryDim is { } width ? RopeParameters with { PartialRotaryFactor = (double)width / HeadWidth } : RopeParameters;
}
