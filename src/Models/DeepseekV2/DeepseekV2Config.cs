namespace Moesaic.Models.DeepseekV2;

/// <summary>What DeepSeek-V2 reads from config.json. norm_topk_prob counts nowhere: no implementation of the model renormalizes.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("scoring_func", "softmax")]
[ConfigSupports("topk_method", "greedy", "group_limited_greedy")]
[ConfigSupports("moe_layer_freq", 1)]
[ConfigSupports("mlp_bias", false)]
public sealed partial record DeepseekV2Config : IDecoderConfig, ILatentAttentionConfig, IMoeConfig, ISharedExpertsConfig
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
    public required RopeParameters RopeParameters { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 2048;
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; }

    public int FirstKDenseReplace { get; init; }
    public string TopkMethod { get; init; } = "greedy";
    public int NGroup { get; init; } = 1;
    [ConfigKey("topk_group")] public int NumKeptGroups { get; init; } = 1;
    public double RoutedScalingFactor { get; init; } = 1;
    [ConfigKey("n_routed_experts")] public required int NumExperts { get; init; }
    [ConfigKey("n_shared_experts")] public required int NumSharedExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    public int NumExpertGroups => TopkMethod == "greedy" ? 1 : NGroup;
    public int TopkGroup => TopkMethod == "greedy" ? 1 : NumKeptGroups;
    public int SharedExpertsIntermediateSize => NumSharedExperts * MoeIntermediateSize;
}
