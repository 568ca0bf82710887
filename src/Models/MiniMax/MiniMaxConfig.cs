namespace Moesaic.Models.MiniMax;

/// <summary>What MiniMax-Text-01 reads from config.json, under the field's standard names.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("postnorm", true)]
[ConfigSupports("shared_intermediate_size", 0)]
public sealed partial record MiniMaxConfig : IDecoderConfig, IAttentionConfig, ILightningAttentionConfig, IMoeConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required LayerTypes LayerTypes { get; init; }
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim { get; init; }
    public int? SlidingWindow { get; init; }
    public int? RotaryDim { get; init; }
    public required RopeParameters RopeParameters { get; init; }
    public int BlockSize { get; init; } = 256;
    public int MaxPositionEmbeddings { get; init; } = 4096 * 32;
    public double RmsNormEps { get; init; } = 1e-5;
    public bool TieWordEmbeddings { get; init; }

    public double FullAttnAlphaFactor { get; init; } = 1;
    public double FullAttnBetaFactor { get; init; } = 1;
    public double LinearAttnAlphaFactor { get; init; } = 1;
    public double LinearAttnBetaFactor { get; init; } = 1;
    public double MlpAlphaFactor { get; init; } = 1;
    public double MlpBetaFactor { get; init; } = 1;

    [ConfigKey("num_local_experts", "num_experts")] public required int NumExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    [ConfigKey("intermediate_size")] public required int MoeIntermediateSize { get; init; }
    public bool NormTopkProb => true; // MiniMax always renormalizes; config.json has no key for it.

    RopeParameters IAttentionConfig.RopeParameters => RotaryDim is { } width
        ? RopeParameters with { PartialRotaryFactor = width / (HeadDim ?? (double)HiddenSize / NumAttentionHeads) } : RopeParameters;

    internal bool IsAttention(int layerIndex) => LayerTypes.At(
        layerIndex, layerIndex % 2 == 0 ? "full_attention" : "linear_attention", "full_attention", "linear_attention") == "full_attention";
}
