namespace Moesaic.Models.Ernie45Moe;

/// <summary>What ERNIE 4.5 reads from config.json.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("use_bias", false)]
public sealed partial record Ernie45MoeConfig : IDecoderConfig, IAttentionConfig, IMoeConfig, ISharedExpertsConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int IntermediateSize { get; init; }
    public required int MoeIntermediateSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim { get; init; }
    public int? SlidingWindow => null;
    public required RopeParameters RopeParameters { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 131072;
    public double RmsNormEps { get; init; } = 1e-5;
    public bool TieWordEmbeddings { get; init; } = true;

    [ConfigKey("moe_num_experts")] public required int NumExperts { get; init; }
    [ConfigKey("moe_num_shared_experts")] public required int NumSharedExperts { get; init; }
    [ConfigKey("moe_k")] public required int TopK { get; init; }
    public double MoeNormMin { get; init; } = 1e-12;
    public int MoeLayerStartIndex { get; init; } = 1;
    public int MoeLayerEndIndex { get; init; } = -1; // The last layer.
    public int MoeLayerInterval { get; init; } = 1;
    public int SharedExpertsIntermediateSize => NumSharedExperts * MoeIntermediateSize;

    internal bool IsSparse(int layerIndex) => (layerIndex + 1) % MoeLayerInterval == 0
        && layerIndex >= MoeLayerStartIndex
        && (MoeLayerEndIndex == -1 || layerIndex <= MoeLayerEndIndex);
}
