namespace Moesaic.Models.Lfm2Moe;

/// <summary>What LFM2-MoE reads from config.json, under the field's standard names.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
public sealed partial record Lfm2MoeConfig : IDecoderConfig, IAttentionConfig, IMoeConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int IntermediateSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim => null;
    public int? SlidingWindow => null;
    public int MaxPositionEmbeddings { get; init; } = 128000;
    [ConfigKey("norm_eps")] public double RmsNormEps { get; init; } = 1e-5;
    [ConfigKey("tie_word_embeddings", "tie_embedding")] public bool TieWordEmbeddings { get; init; } = true;
    public required RopeParameters RopeParameters { get; init; }

    public required LayerTypes LayerTypes { get; init; }
    [ConfigKey("conv_L_cache")] public int ConvLCache { get; init; } = 3;
    public bool ConvBias { get; init; }

    public int NumDenseLayers { get; init; } = 2;
    public required int NumExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    public required int MoeIntermediateSize { get; init; }
    public bool UseExpertBias { get; init; } = true;
    public bool NormTopkProb { get; init; } = true;
    public double RoutedScalingFactor { get; init; } = 1;

    internal bool IsAttention(int layerIndex) => LayerTypes.At(layerIndex, null, "full_attention", "conv") == "full_attention";
}
