namespace Moesaic.Models.MiniMaxM2;

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
