namespace Moesaic.Models.Grok1;

/// <summary>What Grok-1 reads from config.json.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "gelu")]
public sealed partial record Grok1Config : IDecoderConfig, IAttentionConfig, IMoeConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim { get; init; }
    public int? SlidingWindow => null;
    public required int MaxPositionEmbeddings { get; init; }
    public double RmsNormEps { get; init; } = 1e-5;
    public bool TieWordEmbeddings { get; init; }
    public required RopeParameters RopeParameters { get; init; }

    public required double EmbeddingMultiplierScale { get; init; }
    public required double OutputMultiplierScale { get; init; }
    public required double AttnOutputMultiplier { get; init; }
    [ConfigKey("attn_logit_softcapping", "max_attn_value")] public double AttnLogitSoftcapping { get; init; } = 30;

    public required int NumExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    [ConfigKey("intermediate_size")] public required int MoeIntermediateSize { get; init; }
    public double RouterLogitSoftcapping { get; init; } = 30;
    public bool NormTopkProb => true; // config.json has no key for it.
}
