namespace Moesaic.Models.ExaoneMoe;

/// <summary>What K-EXAONE reads from config.json.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("scoring_func", "sigmoid")]
[ConfigSupports("topk_method", "noaux_tc")]
public sealed partial record ExaoneMoeConfig : IDecoderConfig, IAttentionConfig, IMoeConfig, ISharedExpertsConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int IntermediateSize { get; init; }
    public required int MoeIntermediateSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim { get; init; }
    public required RopeParameters RopeParameters { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 2048;
    public double RmsNormEps { get; init; } = 1e-5;
    public bool TieWordEmbeddings { get; init; }
    internal int HeadWidth => HeadDim ?? HiddenSize / NumAttentionHeads;

    public required LayerTypes LayerTypes { get; init; }
    public required MlpLayerTypes MlpLayerTypes { get; init; }
    public int? SlidingWindow { get; init; }

    public required int NumExperts { get; init; }
    public int NumSharedExperts { get; init; } = 1;
    public int TopkGroup { get; init; } = 1;
    public bool NormTopkProb { get; init; } = true;
    public double RoutedScalingFactor { get; init; } = 2.5;
    [ConfigKey("n_group")] public int NumExpertGroups { get; init; } = 1;
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    public int SharedExpertsIntermediateSize => NumSharedExperts * MoeIntermediateSize;

    public int? SlidingWindowAt(int layerIndex) => IsSliding(layerIndex) ? SlidingWindow : null;

    internal bool IsSliding(int layerIndex) => LayerTypes.At(layerIndex, null, "full_attention", "sliding_attention") == "sliding_attention";
}
