namespace Moesaic.Models.GptOss;

/// <summary>What gpt-oss reads from config.json.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
public sealed partial record GptOssConfig : IDecoderConfig, IAttentionConfig, IMoeConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim { get; init; } = 64;
    public bool AttentionBias { get; init; } = true;
    public int? SlidingWindow { get; init; } = 128;
    public required LayerTypes LayerTypes { get; init; }
    public required int MaxPositionEmbeddings { get; init; }
    public double RmsNormEps { get; init; } = 1e-5;
    public bool TieWordEmbeddings { get; init; }
    public required RopeParameters RopeParameters { get; init; }

    [ConfigKey("num_local_experts")] public required int NumExperts { get; init; }
    [ConfigKey("num_experts_per_tok", "experts_per_token")] public required int TopK { get; init; }
    [ConfigKey("intermediate_size")] public required int MoeIntermediateSize { get; init; }
    public double SwigluLimit { get; init; } = 7;

    /// <summary>Without layer types, the first layer and every second after it see a window.</summary>
    public int? SlidingWindowAt(int layerIndex)
    {
        var otherwise = layerIndex % 2 == 0 ? "sliding_attention" : "full_attention";
        return LayerTypes.At(layerIndex, otherwise, "sliding_attention", "full_attention") == "sliding_attention" ? SlidingWindow : null;
    }
}
