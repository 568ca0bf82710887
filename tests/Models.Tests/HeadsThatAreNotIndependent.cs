using Moesaic.Models.Mixtral;
using static TorchSharp.torch;

namespace Moesaic.Models.Tests;

/// <summary>Attention that norms its queries over all heads together, and says that its heads are independent.</summary>
internal sealed class HeadsThatAreNotIndependent(MixtralConfig config, int layerIndex) : GroupedQueryAttention(config, layerIndex)
{
    protected override bool HeadsAreIndependent => true;

    protected override (Tensor Query, Tensor Key, Tensor Value) Project(Tensor x)
    {
        var (_, key, value) = base.Project(x);
        return (Heads(RmsNorm.Unweighted(QProj.forward(x), 1e-6), HeadDim), key, value);
    }
}

/// <summary>A layer of nothing else.</summary>
internal sealed class BoastfulLayer : DecoderLayer, IDecoderLayer<MixtralConfig, BoastfulLayer>
{
    private readonly HeadsThatAreNotIndependent _attention;

    private BoastfulLayer(MixtralConfig config, int layerIndex) => Register("self_attn", _attention = new(config, layerIndex));

    public static BoastfulLayer Create(MixtralConfig config, int layerIndex) => new(config, layerIndex);

    public override Tensor forward(Tensor x, AttentionContext context) => x + _attention.forward(x, context);
}

internal sealed class BoastfulModel() : CausalLm<MixtralConfig, BoastfulLayer>(Small)
{
    private static MixtralConfig Small { get; } = new()
    {
        VocabSize = 40,
        HiddenSize = 16,
        NumHiddenLayers = 2,
        NumAttentionHeads = 4,
        NumKeyValueHeads = 2,
        NumExperts = 2,
        TopK = 1,
        MoeIntermediateSize = 4,
        RopeParameters = new(),
    };
}
