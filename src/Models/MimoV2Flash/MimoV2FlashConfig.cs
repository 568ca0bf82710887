namespace Moesaic.Models.MimoV2Flash;

/// <summary>What MiMo-V2-Flash reads from config.json, as released or as transformers writes it.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("scoring_func", "sigmoid")]
[ConfigSupports("topk_method", "noaux_tc")]
[ConfigSupports("add_full_attention_sink_bias", false)]
[ConfigSupports("add_swa_attention_sink_bias", true)]
[ConfigSupports("n_shared_experts", 0)]
public sealed partial record MimoV2FlashConfig : IDecoderConfig, IMoeConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int IntermediateSize { get; init; }
    public required int MoeIntermediateSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 131072;
    [ConfigKey("rms_norm_eps", "layernorm_epsilon")] public double RmsNormEps { get; init; } = 1e-5;
    public bool TieWordEmbeddings { get; init; }

    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public required int HeadDim { get; init; }
    public required int VHeadDim { get; init; }
    public int? SwaNumAttentionHeads { get; init; }
    public int? SwaNumKeyValueHeads { get; init; }
    public int? SwaHeadDim { get; init; }
    public int? SwaVHeadDim { get; init; }
    public int SlidingWindow { get; init; } = 128;
    public bool AttentionBias { get; init; }
    public double AttentionValueScale { get; init; } = 1;
    public required MimoV2FlashRope Rope { get; init; }

    public required LayerTypes LayerTypes { get; init; }
    public required MlpLayerTypes MlpLayerTypes { get; init; }

    public int TopkGroup { get; init; } = 1;
    public bool NormTopkProb { get; init; } = true;
    public double RoutedScalingFactor { get; init; } = 1;
    [ConfigKey("n_group")] public int NumExpertGroups { get; init; } = 1;
    [ConfigKey("n_routed_experts")] public required int NumExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }

    internal bool IsSliding(int layerIndex)
    {
        var otherwise = layerIndex == 0 || (layerIndex + 1) % 6 == 0 ? "full_attention" : "sliding_attention";
        return LayerTypes.At(layerIndex, otherwise, "full_attention", "sliding_attention") == "sliding_attention";
    }
}
