namespace Moesaic.Models.Aria;

/// <summary>What Aria's language model reads from its own config, or from the section of it.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("mlp_bias", false)]
public sealed partial record AriaTextConfig : IDecoderConfig, IAttentionConfig, IMoeConfig, ISharedExpertsConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    [ConfigKey("num_key_value_heads")] public int? KeyValueHeads { get; init; }
    public int NumKeyValueHeads => KeyValueHeads ?? NumAttentionHeads;
    public int? HeadDim { get; init; }
    public bool AttentionBias { get; init; }
    public int? SlidingWindow => null;
    public int MaxPositionEmbeddings { get; init; } = 2048;
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; }
    public required RopeParameters RopeParameters { get; init; }

    [ConfigKey("moe_num_experts")] public required int NumExperts { get; init; }
    [ConfigKey("moe_topk")] public required int TopK { get; init; }
    [ConfigKey("moe_num_shared_experts")] public int NumSharedExperts { get; init; } = 2;
    [ConfigKey("intermediate_size")] public required int MoeIntermediateSize { get; init; }
    public int SharedExpertsIntermediateSize => NumSharedExperts * MoeIntermediateSize;
}

/// <summary>Of Aria's config, the language model's part.</summary>
[ModelConfig]
public sealed partial record AriaConfig
{
    public required AriaTextConfig TextConfig { get; init; }
}
