namespace Moesaic.Models.Cohere2Moe;

/// <summary>What Command A+ reads from config.json.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("expert_selection_fn", "softmax", "sigmoid")]
[ConfigSupports("shared_expert_combination_strategy", "average", "sum")]
public sealed partial record Cohere2MoeConfig : IDecoderConfig, IAttentionConfig, IMoeConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    [ConfigKey("num_key_value_heads")] public int? KeyValueHeads { get; init; }
    public int NumKeyValueHeads => KeyValueHeads ?? NumAttentionHeads;
    public int? HeadDim { get; init; } = 128;
    public bool AttentionBias { get; init; }
    public int? SlidingWindow { get; init; } = 4096;
    public int SlidingWindowPattern { get; init; } = 4;
    public int PrefixDenseSlidingWindowPattern { get; init; } = 1;
    public required LayerTypes LayerTypes { get; init; }
    public required int MaxPositionEmbeddings { get; init; }
    public double LayerNormEps { get; init; } = 1e-5;
    public double? RmsNormEps { get; init; }
    double IDecoderConfig.RmsNormEps => RmsNormEps ?? LayerNormEps;
    public double LogitScale { get; init; } = 0.0625;
    public bool TieWordEmbeddings { get; init; } = true;
    public required RopeParameters RopeParameters { get; init; }

    public required int NumExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    [ConfigKey("intermediate_size")] public required int MoeIntermediateSize { get; init; }
    public string ExpertSelectionFn { get; init; } = "softmax";
    public bool SigmoidScores => ExpertSelectionFn == "sigmoid";
    public bool NormTopkProb { get; init; } = true;
    public int NumSharedExperts { get; init; }
    public string SharedExpertCombinationStrategy { get; init; } = "average";
    public int FirstKDenseReplace { get; init; }
    public required MlpLayerTypes MlpLayerTypes { get; init; }
    public int? PrefixDenseIntermediateSize { get; init; }

    /// <summary>A norm over the residual stream: by root mean square where the config has an epsilon for it.</summary>
    public ExplicitModule NewNorm() => RmsNormEps is { } eps ? new RmsNorm(HiddenSize, eps) : new LayerNorm(HiddenSize, LayerNormEps, bias: false);

    /// <summary>The layer has no experts.</summary>
    public bool IsDense(int layerIndex) => !MlpLayerTypes.IsSparse(layerIndex, firstDense: 0);

    /// <summary>The layer sees a window; without layer types, all but every n-th do, counted apart in the dense layers before the others.</summary>
    public int? SlidingWindowAt(int layerIndex)
    {
        var (position, pattern) = layerIndex < FirstKDenseReplace
            ? (layerIndex, PrefixDenseSlidingWindowPattern)
            : (layerIndex - FirstKDenseReplace, SlidingWindowPattern);
        var otherwise = (position + 1) % pattern != 0 ? "sliding_attention" : "full_attention";
        return LayerTypes.At(layerIndex, otherwise, "sliding_attention", "full_attention") == "sliding_attention" ? SlidingWindow : null;
    }

    /// <summary>The layer knows positions: it has a window, or is dense in a model whose dense layers have none.</summary>
    public bool Turns(int layerIndex) => SlidingWindowAt(layerIndex) is not null || (IsDense(layerIndex) && PrefixDenseSlidingWindowPattern == 1);
}
