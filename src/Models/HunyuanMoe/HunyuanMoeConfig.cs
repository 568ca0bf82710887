using Moesaic.Configs;

namespace Moesaic.Models.HunyuanMoe;

/// <summary>What Hunyuan reads from config.json.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("mlp_bias", false)]
[ConfigSupports("use_cla", false)]
[ConfigSupports("use_qk_norm", true)]
[ConfigSupports("norm_type", "rms")]
[ConfigSupports("moe_layer_num_skipped", 0)]
public sealed partial record HunyuanMoeConfig : IDecoderConfig, IAttentionConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int IntermediateSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    [ConfigKey("num_key_value_heads")] public int? KeyValueHeads { get; init; }
    public int NumKeyValueHeads => KeyValueHeads ?? NumAttentionHeads;
    [ConfigKey("head_dim", "attention_head_dim")] public int? HeadDim { get; init; }
    public bool AttentionBias { get; init; }
    public int? SlidingWindow => null;
    public required int MaxPositionEmbeddings { get; init; }
    public double RmsNormEps { get; init; } = 1e-5;
    public bool TieWordEmbeddings { get; init; }
    public required RopeParameters RopeParameters { get; init; }
    public required HunyuanMoeLayers Layers { get; init; }

    /// <summary>The numbers of one layer's block.</summary>
    public HunyuanMoeLayer At(int layerIndex) => new(
        HiddenSize,
        Layers.NumExperts[layerIndex],
        Layers.TopK[layerIndex],
        Layers.MoeIntermediateSize[layerIndex],
        Layers.NumSharedExperts[layerIndex] * IntermediateSize);
}

/// <summary>What config.json states once for all layers, or for each.</summary>
public sealed record HunyuanMoeLayers(
    IReadOnlyList<int> NumExperts, IReadOnlyList<int> TopK, IReadOnlyList<int> MoeIntermediateSize, IReadOnlyList<int> NumSharedExperts)
    : IConfigValue<HunyuanMoeLayers>
{
    public static HunyuanMoeLayers Read(ConfigReader reader)
    {
        var layers = reader.RequiredInt32("num_hidden_layers");
        return new(
            reader.PerLayer(layers, "num_experts", 1),
            reader.PerLayer(layers, "moe_topk", 1),
            reader.PerLayer(layers, "moe_intermediate_size", reader.RequiredInt32("intermediate_size")),
            reader.PerLayer(layers, "num_shared_expert", 1));
    }
}
