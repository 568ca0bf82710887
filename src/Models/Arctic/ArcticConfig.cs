namespace Moesaic.Models.Arctic;

/// <summary>What Arctic reads from config.json.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("use_residual", true)]
public sealed partial record ArcticConfig : IDecoderConfig, IAttentionConfig, IMoeConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim { get; init; }
    public int? SlidingWindow { get; init; }
    public bool AttentionBias { get; init; }
    public required RopeParameters RopeParameters { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 4096;
    public double RmsNormEps { get; init; } = 1e-5;
    public bool TieWordEmbeddings { get; init; }

    public required int MoeLayerFrequency { get; init; }
    public required bool ParallelAttnMlpRes { get; init; }
    [ConfigKey("num_local_experts")] public required int NumExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    [ConfigKey("intermediate_size")] public required int MoeIntermediateSize { get; init; }
    public bool NormTopkProb => true; // Arctic always renormalizes; config.json has no key for it.

    public bool IsSparse(int layerIndex) => (layerIndex + 1) % MoeLayerFrequency == 0;

    public bool IsParallel(int layerIndex) => ParallelAttnMlpRes && IsSparse(layerIndex);
}
