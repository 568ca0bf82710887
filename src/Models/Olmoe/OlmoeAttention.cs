using static TorchSharp.torch;

namespace Moesaic.Models.Olmoe;

/// <summary>Attention whose queries and keys are normed over all heads together, and clipped with the values where the config says so.</summary>
[Module]
public sealed partial class OlmoeAttention(OlmoeConfig config, int layerIndex)
    : GroupedQueryAttention(config, layerIndex, bias: config.AttentionBias, outputBias: config.AttentionBias)
{
    private readonly double? _clip = config.ClipQkv;

    public RmsNorm QNorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public RmsNorm KNorm { get; } = new(config.HiddenSize / config.NumAttentionHeads * config.NumKeyValueHeads, config.RmsNormEps);

    protected override bool AttendsAsDeclared => true;

    protected override (Tensor Query, Tensor Key, Tensor Value) Project(Tensor x) => (
        Heads(Clip(QNorm.forward(QProj.forward(x))), HeadDim),
        Heads(Clip(KNorm.forward(KProj.forward(x))), HeadDim),
        Heads(Clip(VProj.forward(x)), HeadDim));

    private Tensor Clip(Tensor x) => _clip is { } bound ? x.clamp(-bound, bound) : x;
}
