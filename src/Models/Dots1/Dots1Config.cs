namespace Moesaic.Models.Dots1;

/// <summary>What dots.llm1 reads from config.json. Its scoring_func names DeepSeek-V3's rule, as its topk_method would.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("scoring_func", "sigmoid", "noaux_tc")]
[ConfigSupports("moe_layer_freq", 1)]
public sealed partial record Dots1Config : IDecoderConfig, IAttentionConfig, IMoeConfig, ISharedExpertsConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int IntermediateSize { get; init; }
    public required int MoeIntermediateSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    [ConfigKey("num_key_value_heads")] public int? KeyValueHeads { get; init; }
    public int NumKeyValueHeads => KeyValueHeads ?? NumAttentionHeads;
    public int? HeadDim { get; init; }
    public bool AttentionBias { get; init; }
    public required RopeParameters RopeParameters { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 2048;
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; }
    internal int HeadWidth => HeadDim ?? HiddenSize / NumAttentionHeads;

    public required LayerTypes LayerTypes { get; init; }
    public int? SlidingWindow { get; init; }
    public int MaxWindowLayers { get; init; } = 62;

    public int FirstKDenseReplace { get; init; }
    public int TopkGroup { get; init; } = 1;
    public bool NormTopkProb { get; init; }
    public double RoutedScalingFactor { get; init; } = 1;
    [ConfigKey("n_group")] public int NumExpertGroups { get; init; } = 1;
    [ConfigKey("n_routed_experts")] public required int NumExperts { get; init; }
    [ConfigKey("n_shared_experts")] public required int NumSharedExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    public int SharedExpertsIntermediateSize => NumSharedExperts * MoeIntermediateSize;

    public int? SlidingWindowAt(int layerIndex)
    {
        var otherwise = layerIndex < MaxWindowLayers ? "full_attention" : "sliding_attention";
        return LayerTypes.At(layerIndex, otherwise, "full_attention", "sliding_attention") == "sliding_attention" ? SlidingWindow : null;
    }
}
