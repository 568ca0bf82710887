namespace Moesaic.Models.Qwen3Moe;

/// <summary>Grouped-query attention whose query and key heads are normed before they turn.</summary>
[Module]
public sealed partial class Qwen3MoeAttention(Qwen3MoeConfig config, int layerIndex)
    : GroupedQueryAttention(config, layerIndex, bias: config.AttentionBias, outputBias: config.AttentionBias)
{
    public RmsNorm QNorm { get; } = new(config.HeadDim ?? config.HiddenSize / config.NumAttentionHeads, config.RmsNormEps);
    public RmsNorm KNorm { get; } = new(config.HeadDim ?? config.HiddenSize / config.NumAttentionHeads, config.RmsNormEps);

    protected override bool HeadsAreIndependent => true;

    protected override bool AttendsAsDeclared => true;

    protected override RmsNorm QueryNorm => QNorm;

    protected override RmsNorm KeyNorm => KNorm;
}
