using Moesaic.Models.GraniteMoeShared;

namespace Moesaic.Models.GraniteMoeHybrid;

/// <summary>What it reads from config.json besides what Granite-MoE with a shared MLP does.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("normalization_function", "rmsnorm")]
[ConfigSupports("position_embedding_type", "rope", "nope")]
public sealed partial record GraniteMoeHybridConfig : GraniteMoeSharedConfig, IMamba2Config
{
    public required LayerTypes LayerTypes { get; init; }
    public string? PositionEmbeddingType { get; init; }

    public int MambaExpand { get; init; } = 2;
    public int MambaNHeads { get; init; } = 128;
    public int MambaDHead => MambaExpand * HiddenSize / MambaNHeads; // mamba_d_head says the same, or "auto".
    public int MambaNGroups { get; init; } = 1;
    public int MambaDState { get; init; } = 256;
    public int MambaDConv { get; init; } = 4;
    public bool MambaConvBias { get; init; } = true;
    public bool MambaProjBias { get; init; }
    public IReadOnlyList<double> TimeStepLimit { get; init; } = [0, double.PositiveInfinity];

    internal bool IsAttention(int layerIndex) =>
        LayerTypes.At(layerIndex, "linear_attention", "linear_attention", "full_attention") == "full_attention";
}
