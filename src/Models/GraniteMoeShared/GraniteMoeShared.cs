using Moesaic.Models.GraniteMoe;
using static TorchSharp.torch;

namespace Moesaic.Models.GraniteMoeShared;

/// <summary>Granite-MoE with a shared MLP beside the experts.</summary>
/// <remarks>Checkpoint: ibm-research/moe-7b-1b-active-shared-experts.</remarks>
[MoeModel("granitemoeshared", Architectures = ["GraniteMoeSharedForCausalLM"])]
public sealed partial class GraniteMoeSharedForCausalLm(GraniteMoeSharedConfig config) : CausalLm<GraniteMoeSharedConfig, GraniteMoeSharedDecoderLayer>(
    config, embeddingMultiplier: config.EmbeddingMultiplier, logitsMultiplier: 1 / config.LogitsScaling);

/// <summary>Attention, then experts and shared MLP side by side, each on a normed residual stream, to which a share of them is added.</summary>
[Module]
public sealed partial class GraniteMoeSharedDecoderLayer(GraniteMoeSharedConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public GraniteMoeAttention SelfAttn { get; } = new(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public GraniteMoeBlock BlockSparseMoe { get; } = new(config);
    public PackedGatedMlp? SharedMlp { get; } = config.SharedIntermediateSize == 0
        ? null
        : new(config.HiddenSize, config.SharedIntermediateSize, "input_linear", "output_linear");

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context) * config.ResidualMultiplier;
        var normed = PostAttentionLayernorm.forward(x);
        var routed = BlockSparseMoe.forward(normed);
        var output = SharedMlp is null ? routed : routed + SharedMlp.forward(normed);
        return (x + output * config.ResidualMultiplier).MoveToOuterDisposeScope();
    }
}

/// <summary>What it reads from config.json besides what Granite-MoE does.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
public partial record GraniteMoeSharedConfig : GraniteMoeConfig
{
    public int SharedIntermediateSize { get; init; }
}
