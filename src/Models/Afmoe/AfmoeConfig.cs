namespace Moesaic.Models.Afmoe;

/// <summary>What Trinity reads from config.json.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("score_func", "sigmoid")]
[ConfigSupports("route_norm", true)]
[ConfigSupports("n_group", 1)]
public sealed partial record AfmoeConfig : IDecoderConfig, IAttentionConfig, IMoeConfig, ISharedExpertsConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int IntermediateSize { get; init; }
    public required int MoeIntermediateSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    [ConfigKey("num_key_value_heads")] public int? KeyValueHeads { get; init; }
    public int NumKeyValueHeads => KeyValueHeads ?? NumAttentionHeads;
    public int? HeadDim { get; init; } = 128;
    public bool AttentionBias { get; init; }
    public required RopeParameters RopeParameters { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 16384;
    public double RmsNormEps { get; init; } = 1e-5;
    public bool TieWordEmbeddings { get; init; }
    public bool MupEnabled { get; init; }
    internal int HeadWidth => HeadDim ?? HiddenSize / NumAttentionHeads;

    public required LayerTypes LayerTypes { get; init; }
    public int? SlidingWindow { get; init; } = 1024;
    [ConfigKey("global_attn_every_n_layers")] public int FullAttentionPeriod { get; init; } = 4;

    public int NumDenseLayers { get; init; } = 1;
    public required int NumExperts { get; init; }
    public int NumSharedExperts { get; init; } = 2;
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    [ConfigKey("route_scale")] public double RoutedScalingFactor { get; init; } = 1;
    public bool NormTopkProb => true;
    public int SharedExpertsIntermediateSize => NumSharedExperts * MoeIntermediateSize;

    public int? SlidingWindowAt(int layerIndex) => IsSliding(layerIndex) ? SlidingWindow : null;

    internal bool IsSliding(int layerIndex)
    {
        var otherwise = (layerIndex + 1) % FullAttentionPeriod == 0 ? "full_attention" : "sliding_attention";
        return LayerTypes.At(layerIndex, otherwise, "full_attention", "sliding_attention") == "sliding_attention";
    }
}
