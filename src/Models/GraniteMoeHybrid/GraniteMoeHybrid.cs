using Moesaic.Models.GraniteMoe;
using static TorchSharp.torch;

namespace Moesaic.Models.GraniteMoeHybrid;

/// <summary>Granite 4.0 H: Mamba-2 layers with some attention between them, experts and a shared MLP in each.</summary>
/// <remarks>Checkpoints: ibm-granite/granite-4.0-h-small, ibm-granite/granite-4.0-h-tiny; without experts, granite-4.0-h-1b.</remarks>
[MoeModel("granitemoehybrid", Architectures = ["GraniteMoeHybridForCausalLM"])]
public sealed partial class GraniteMoeHybridForCausalLm(GraniteMoeHybridConfig config) : CausalLm<GraniteMoeHybridConfig, GraniteMoeHybridDecoderLayer>(
    config, embeddingMultiplier: config.EmbeddingMultiplier, logitsMultiplier: 1 / config.LogitsScaling);

/// <summary>Attention or Mamba-2, then experts and shared MLP side by side, each on a normed residual stream, to which a share of them is added.</summary>
[Module]
public sealed partial class GraniteMoeHybridDecoderLayer(GraniteMoeHybridConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public GraniteMoeHybridAttention? SelfAttn { get; } = config.IsAttention(layerIndex) ? new(config, layerIndex) : null;
    public Mamba2Mixer? Mamba { get; } = config.IsAttention(layerIndex) ? null : new(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public GraniteMoeBlock? BlockSparseMoe { get; } = config.NumExperts > 0 ? new(config) : null;
    public PackedGatedMlp SharedMlp { get; } = new(config.HiddenSize, config.SharedIntermediateSize, "input_linear", "output_linear");

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var mixer = (SequenceModule?)SelfAttn ?? Mamba!;
        x = x + mixer.forward(InputLayernorm.forward(x), context) * config.ResidualMultiplier;
        var normed = PostAttentionLayernorm.forward(x);
        var shared = SharedMlp.forward(normed);
        var output = BlockSparseMoe is null ? shared : BlockSparseMoe.forward(normed) + shared;
        return (x + output * config.ResidualMultiplier).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention that is told positions only where the config says so: the Mamba-2 layers know the order.</summary>
public sealed class GraniteMoeHybridAttention(GraniteMoeHybridConfig config, int layerIndex) : GraniteMoeAttention(config, layerIndex)
{
    private readonly bool _rotates = config.PositionEmbeddingType == "rope";

    protected override (Tensor Query, Tensor Key) Position(Tensor query, Tensor key, AttentionContext context) =>
        _rotates ? base.Position(query, key, context) : (query, key);
}
