namespace Moesaic.Models.DeepseekV3;

/// <summary>What DeepSeek-V3 reads from config.json.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("scoring_func", "sigmoid")]
[ConfigSupports("topk_method", "noaux_tc")]
[ConfigSupports("moe_layer_freq", 1)]
public sealed partial record DeepseekV3Config : IDecoderConfig, ILatentAttentionConfig, IMoeConfig, ISharedExpertsConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int IntermediateSize { get; init; }
    public required int MoeIntermediateSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    public int? QLoraRank { get; init; }
    public required int KvLoraRank { get; init; }
    public required int QkNopeHeadDim { get; init; }
    public required int QkRopeHeadDim { get; init; }
    public required int VHeadDim { get; init; }
    public bool AttentionBias { get; init; }
    public bool RopeInterleave { get; init; } = true;
    public required RopeParameters RopeParameters { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 4096;
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; }

    public required int FirstKDenseReplace { get; init; }
    public required int TopkGroup { get; init; }
    public bool NormTopkProb { get; init; } = true;
    public required double RoutedScalingFactor { get; init; }
    [ConfigKey("n_group")] public required int NumExpertGroups { get; init; }
    [ConfigKey("n_routed_experts")] public required int NumExperts { get; init; }
    [ConfigKey("n_shared_experts")] public required int NumSharedExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    public int SharedExpertsIntermediateSize => NumSharedExperts * MoeIntermediateSize;
}
