namespace Moesaic.Models.Qwen2Moe;

/// <summary>What Qwen2-MoE reads from config.json.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
public sealed partial record Qwen2MoeConfig : IDecoderConfig, IAttentionConfig, IMoeConfig, ISharedExpertsConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int IntermediateSize { get; init; }
    public required int MoeIntermediateSize { get; init; }
    [ConfigKey("shared_expert_intermediate_size")] public required int SharedExpertsIntermediateSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim { get; init; }
    public bool QkvBias { get; init; } = true;
    public bool UseSlidingWindow { get; init; }
    public int? SlidingWindow { get; init; } = 4096;
    public int MaxWindowLayers { get; init; } = 28;
    public required LayerTypes LayerTypes { get; init; }
    public required int MaxPositionEmbeddings { get; init; }
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; }
    public required RopeParameters RopeParameters { get; init; }

    public required int NumExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    public bool NormTopkProb { get; init; }
    public int DecoderSparseStep { get; init; } = 1;
    public IReadOnlyList<int> MlpOnlyLayers { get; init; } = [];

    /// <summary>Every n-th layer has experts, but for those that are listed as dense.</summary>
    public bool IsSparse(int layerIndex) =>
        NumExperts > 0 && (layerIndex + 1) % DecoderSparseStep == 0 && !MlpOnlyLayers.Contains(layerIndex);

    /// <summary>Without layer types, every second of the first layers sees a window if the config uses one at all.</summary>
    public int? SlidingWindowAt(int layerIndex)
    {
        var otherwise = UseSlidingWindow && layerIndex < MaxWindowLayers && layerIndex % 2 == 0 ? "sliding_attention" : "full_attention";
        return LayerTypes.At(layerIndex, otherwise, "sliding_attention", "full_attention") == "sliding_attention" ? SlidingWindow : null;
    }
}
