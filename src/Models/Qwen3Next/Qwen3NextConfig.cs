namespace Moesaic.Models.Qwen3Next;

/// <summary>What Qwen3-Next reads from config.json, under the field's standard names.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
public sealed partial record Qwen3NextConfig : IDecoderConfig, IAttentionConfig, IGatedDeltaNetConfig, IMoeConfig, ISharedExpertsConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int IntermediateSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required LayerTypes LayerTypes { get; init; }
    public int FullAttentionInterval { get; init; } = 4;
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim { get; init; } = 256;
    public int? SlidingWindow => null;
    public bool AttentionBias { get; init; }
    public required RopeParameters RopeParameters { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 32768;
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; }

    public int LinearNumKeyHeads { get; init; } = 16;
    public int LinearNumValueHeads { get; init; } = 32;
    public int LinearKeyHeadDim { get; init; } = 128;
    public int LinearValueHeadDim { get; init; } = 128;
    public int LinearConvKernelDim { get; init; } = 4;

    public int DecoderSparseStep { get; init; } = 1;
    public IReadOnlyList<int> MlpOnlyLayers { get; init; } = [];
    [ConfigKey("num_experts", "num_local_experts")] public required int NumExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    public required int MoeIntermediateSize { get; init; }
    [ConfigKey("shared_expert_intermediate_size")] public required int SharedExpertsIntermediateSize { get; init; }
    public bool NormTopkProb { get; init; } = true;

    internal bool IsAttention(int layerIndex) =>
        LayerTypes.At(layerIndex, ByInterval(layerIndex), "linear_attention", "full_attention") == "full_attention";

    internal bool IsMoe(int layerIndex) =>
        NumExperts > 0 && (layerIndex + 1) % DecoderSparseStep == 0 && !MlpOnlyLayers.Contains(layerIndex);

    private string ByInterval(int layerIndex) => (layerIndex + 1) % FullAttentionInterval == 0 ? "full_attention" : "linear_attention";
}
