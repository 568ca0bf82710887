using static TorchSharp.torch;

namespace Moesaic.Models.Cohere2Moe;

/// <summary>Command A+: attention and experts side by side on one norm; window layers turn their positions, full ones have none.</summary>
/// <remarks>Checkpoint: CohereLabs/command-a-plus-05-2026.</remarks>
[MoeModel("cohere2_moe", Architectures = ["Cohere2MoeForCausalLM"])]
public sealed partial class Cohere2MoeForCausalLm(Cohere2MoeConfig config) : CausalLm<Cohere2MoeConfig, Cohere2MoeDecoderLayer>(
    config, norm: config.NewNorm(), logitsMultiplier: config.LogitScale);

/// <summary>Attention and MLP read the same normed residual stream.</summary>
[Module]
public sealed partial class Cohere2MoeDecoderLayer(Cohere2MoeConfig config, int layerIndex) : DecoderLayer
{
    public ExplicitModule InputLayernorm { get; } = config.NewNorm();
    public Cohere2MoeAttention SelfAttn { get; } = new(config, layerIndex);
    public ExplicitModule Mlp { get; } = config.IsDense(layerIndex)
        ? new GatedMlp(config.HiddenSize, config.PrefixDenseIntermediateSize ?? config.MoeIntermediateSize)
        : new Cohere2MoeBlock(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var normed = InputLayernorm.forward(x);
        return (x + SelfAttn.forward(normed, context) + Mlp.forward(normed)).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention whose heads turn, in neighbouring pairs, where a layer has a window or is forced to.</summary>
public sealed class Cohere2MoeAttention(Cohere2MoeConfig config, int layerIndex)
    : GroupedQueryAttention(config, layerIndex, bias: config.AttentionBias, outputBias: config.AttentionBias, interleaved: true)
{
    private readonly bool _turns = config.Turns(layerIndex);

    protected override bool HeadsAreIndependent => true;

    protected override (Tensor Query, Tensor Key) Position(Tensor query, Tensor key, AttentionContext context) =>
        _turns ? base.Position(query, key, context) : (query, key);
}

/// <summary>The top k logits, softmax or sigmoid of those; shared experts, where there are any, are added or averaged with them.</summary>
[MoeBlock<Cohere2MoeRouter, SwiGlu>]
public sealed partial class Cohere2MoeBlock(Cohere2MoeConfig config) : MoeBlock(config)
{
    private readonly double _share = config.SharedExpertCombinationStrategy == "average" ? 0.5 : 1;

    public GatedMlp? SharedExperts { get; } = config.NumSharedExperts == 0
        ? null
        : new(config.HiddenSize, config.NumSharedExperts * config.MoeIntermediateSize);

    public override Tensor forward(Tensor hiddenStates)
    {
        using var scope = NewDisposeScope();
        var x = hiddenStates.reshape(-1, Config.HiddenSize); // [T, D]
        using var routing = Router.Route(Gate.forward(x), selectionBias: null);
        var y = Experts.ForwardPartial(x, routing.TopKIds, routing.TopKWeights);
        y = SharedExperts is null ? y : (y + SharedExperts.ForwardPartial(x)) * _share;
        return y.Reduce().Value.reshape(hiddenStates.shape).MoveToOuterDisposeScope();
    }
}

/// <summary>The K best logits, then softmax over those K, or the sigmoid of each, which may be divided by their sum.</summary>
public readonly struct Cohere2MoeRouter(int topK, bool sigmoidScores, bool normTopkProb) : IRouter
{
    public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias) => sigmoidScores
        ? new TopKSigmoidRouter(topK).Route(routerLogits, selectionBias).RenormalizeIf(normTopkProb)
        : new TopKSoftmaxRouter(topK).Route(routerLogits, selectionBias);
}
