using Moesaic.Configs;

namespace Moesaic.Models.Llama4;

/// <summary>What Llama 4 reads from its own config, or from the section of it.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
public sealed partial record Llama4TextConfig : IDecoderConfig, IAttentionConfig, IMoeConfig, ISharedExpertsConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int IntermediateSizeMlp { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim { get; init; }
    public bool AttentionBias { get; init; }
    public bool UseQkNorm { get; init; } = true;
    public int? SlidingWindow => null;
    public int? AttentionChunkSize { get; init; } = 8192;
    public required LayerTypes LayerTypes { get; init; }
    public IReadOnlyList<int> NoRopeLayers { get; init; } = [];
    public int NoRopeLayerInterval { get; init; } = 4;
    public required Llama4Temperature Temperature { get; init; }
    public required int MaxPositionEmbeddings { get; init; }
    public double RmsNormEps { get; init; } = 1e-5;
    public bool TieWordEmbeddings { get; init; }
    public required RopeParameters RopeParameters { get; init; }

    [ConfigKey("num_local_experts")] public required int NumExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    [ConfigKey("intermediate_size")] public required int MoeIntermediateSize { get; init; }
    public int SharedExpertsIntermediateSize => MoeIntermediateSize;
    public IReadOnlyList<int>? MoeLayers { get; init; }
    public int InterleaveMoeLayerStep { get; init; } = 1;

    /// <summary>The layer has experts: those of a list, or every n-th.</summary>
    public bool IsSparse(int layerIndex) => MoeLayers?.Contains(layerIndex) ?? (layerIndex + 1) % InterleaveMoeLayerStep == 0;

    /// <summary>The layer knows positions: where a list has a 1 (its name says the contrary), or all but every n-th.</summary>
    public bool Turns(int layerIndex) => NoRopeLayers.Count > 0 ? NoRopeLayers[layerIndex] != 0 : (layerIndex + 1) % NoRopeLayerInterval != 0;

    /// <summary>How many neighbouring positions form a chunk that a layer does not see beyond; null for all.</summary>
    public int? ChunkAt(int layerIndex) =>
        LayerTypes.At(layerIndex, Turns(layerIndex) ? "chunked_attention" : "full_attention", "chunked_attention", "full_attention") == "chunked_attention"
            ? AttentionChunkSize
            : null;
}

/// <summary>How layers without positions sharpen their queries: by AttnScale · ln(1 + ⌊(position + 1) / FloorScale⌋), where it is on.</summary>
public sealed record Llama4Temperature(bool IsOn, double FloorScale, double AttnScale) : IConfigValue<Llama4Temperature>
{
    public static Llama4Temperature Read(ConfigReader reader) => new(
        reader.OptionalTruth("attn_temperature_tuning") ?? true, // 4 in the first releases, true in later ones.
        reader.OptionalDouble("floor_scale") ?? 8192,
        reader.OptionalDouble("attn_scale") ?? 0.1);
}

/// <summary>Of Llama 4's config, the language model's part.</summary>
[ModelConfig]
public sealed partial record Llama4Config
{
    public required Llama4TextConfig TextConfig { get; init; }
}
