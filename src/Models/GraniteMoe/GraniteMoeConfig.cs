namespace Moesaic.Models.GraniteMoe;

/// <summary>What Granite-MoE reads from config.json.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
public partial record GraniteMoeConfig : IDecoderConfig, IAttentionConfig, IMoeConfig
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
    public required int MaxPositionEmbeddings { get; init; }
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; }
    public required RopeParameters RopeParameters { get; init; }

    public double EmbeddingMultiplier { get; init; } = 1;
    public double AttentionMultiplier { get; init; } = 1;
    public double ResidualMultiplier { get; init; } = 1;
    public double LogitsScaling { get; init; } = 1;

    [ConfigKey("num_local_experts")] public required int NumExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    [ConfigKey("intermediate_size")] public required int MoeIntermediateSize { get; init; }
}
