namespace Moesaic.Models.Jamba;

/// <summary>What Jamba reads from config.json, under the field's standard names.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("mamba_inner_layernorms", true)]
public sealed partial record JambaConfig : IDecoderConfig, IAttentionConfig, IMambaConfig, IMoeConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim => null;
    public int? SlidingWindow { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 262144;
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; }
    public RopeParameters RopeParameters { get; } = new(); // Never applied.

    public int AttnLayerPeriod { get; init; } = 8;
    public int AttnLayerOffset { get; init; } = 4;
    public int MambaExpand { get; init; } = 2;
    public int MambaDState { get; init; } = 16;
    public int MambaDConv { get; init; } = 4;
    public int? MambaDtRank { get; init; }
    public bool MambaConvBias { get; init; } = true;
    public bool MambaProjBias { get; init; }

    public int ExpertLayerPeriod { get; init; } = 2;
    public int ExpertLayerOffset { get; init; } = 1;
    [ConfigKey("num_experts", "num_local_experts")] public int NumExperts { get; init; } = 16;
    [ConfigKey("num_experts_per_tok")] public int TopK { get; init; } = 2;
    [ConfigKey("intermediate_size")] public required int MoeIntermediateSize { get; init; }
    public bool NormTopkProb => false;

    internal bool IsAttention(int layerIndex) => layerIndex % AttnLayerPeriod == AttnLayerOffset;

    internal bool IsMoe(int layerIndex) => NumExperts > 1 && layerIndex % ExpertLayerPeriod == ExpertLayerOffset;
}
