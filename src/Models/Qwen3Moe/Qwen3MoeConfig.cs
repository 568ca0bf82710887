namespace Moesaic.Models.Qwen3Moe;

/// <summary>What Qwen3-MoE reads from config.json.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
public sealed partial record Qwen3MoeConfig : IDecoderConfig, IAttentionConfig, IMoeConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int IntermediateSize { get; init; }
    public required int MoeIntermediateSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim { get; init; }
    public bool AttentionBias { get; init; }
    public bool UseSlidingWindow { get; init; }
    [ConfigKey("sliding_window")] public int? Window { get; init; }
    public int? SlidingWindow => UseSlidingWindow ? Window : null;
    public required int MaxPositionEmbeddings { get; init; }
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; }
    public required RopeParameters RopeParameters { get; init; }

    [ConfigKey("num_experts", "num_local_experts")] public required int NumExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    public bool NormTopkProb { get; init; }
    public int DecoderSparseStep { get; init; } = 1;
    public IReadOnlyList<int> MlpOnlyLayers { get; init; } = [];

    /// <summary>Every n-th layer has experts, but for those that are listed as dense.</summary>
    public bool IsSparse(int layerIndex) =>
        NumExperts > 0 && (layerIndex + 1) % DecoderSparseStep == 0 && !MlpOnlyLayers.Contains(layerIndex);
}
