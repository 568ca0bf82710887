using Moesaic.Checkpoints;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>The routed experts of a block, their weights stacked: what routes may be ours or the author's own.</summary>
public abstract class FusedExperts : ExplicitModule
{
    private readonly ActivationFunction _activation;
    private readonly int _numExperts;
    private readonly int _intermediateSize;
    private BackendChoice? _choice;
    private ExpertRanks? _ranks;

    private protected FusedExperts(int numExperts, int hiddenSize, int intermediateSize, ActivationFunction activation, bool bias)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(numExperts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hiddenSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(intermediateSize);
        FusedExpertsOperator.Register();
        (_activation, _numExperts, _intermediateSize) = (activation, numExperts, intermediateSize);

        var rows = activation.Gated ? 2L * intermediateSize : intermediateSize;
        W13 = NewParameter(numExperts, rows, hiddenSize);
        W2 = NewParameter(numExperts, hiddenSize, intermediateSize);
        W13Bias = bias ? NewParameter(numExperts, rows) : null;
        W2Bias = bias ? NewParameter(numExperts, hiddenSize) : null;
        Register("w13", W13, value => W13 = value);
        Register("w2", W2, value => W2 = value);
        Register("w13_bias", W13Bias, value => W13Bias = value);
        Register("w2_bias", W2Bias, value => W2Bias = value);
    }

    /// <summary>Gate rows, then up rows: [E, 2F, D]; [E, F, D] where experts have no gate. On the meta device where they stay quantized.</summary>
    public Parameter W13
    {
        get;
        private set
        {
            field = value;
            _choice = null;
        }
    }

    /// <summary>[E, D, F]. On the meta device where they stay quantized.</summary>
    public Parameter W2
    {
        get;
        private set
        {
            field = value;
            _choice = null;
        }
    }

    /// <summary>[E, 2F], or [E, F] where experts have no gate; null without biases.</summary>
    public Parameter? W13Bias { get; private set; }

    /// <summary>[E, D]; null without biases.</summary>
    public Parameter? W2Bias { get; private set; }

    /// <summary>The backend to use; one that cannot run these experts is replaced, and <see cref="Choice"/> says why.</summary>
    public ExpertsBackend Backend
    {
        get;
        set
        {
            field = value;
            _choice = null;
        }
    }

    /// <summary>Bytes of codes and scales of weights that stay quantized, as their checkpoint keeps them; 0 where all are wide.</summary>
    public long QuantizedBytes => Parameters.Sum(parameter => parameter.Quantized?.ByteLength ?? 0);

    /// <summary>The backend that runs, and why. Decided once for a device and dtype of the weights.</summary>
    public BackendChoice Choice => _choice ??= KnownKernels.Choose(Backend, BackendFacts.Of(Tensors));

    /// <summary>Why <see cref="Choice"/> is what it is, in one sentence, for reports.</summary>
    public string BackendReason => Choice.Reason;

    /// <summary>What reports and the operator <c>moesaic::fused_experts</c> call the activation.</summary>
    public string ActivationName => _activation.Name;

    /// <summary>What would run them on a device and in a dtype, and why; for reports on a model without values.</summary>
    /// <param name="quantized">Their weights would stay quantized.</param>
    public BackendChoice ChoiceFor(DeviceType device, ScalarType dtype, bool quantized = false) =>
        KnownKernels.Choose(Backend, BackendFacts.Of(Tensors, device, dtype) with { Quantized = quantized });

    /// <summary>The same for weights of which some would stay quantized, by the name of their parameter.</summary>
    internal BackendChoice ChoiceFor(DeviceType device, ScalarType dtype, Dictionary<string, QuantizedWeights> quantized)
    {
        var tensors = Tensors with { QuantizedW13 = quantized.GetValueOrDefault("w13"), QuantizedW2 = quantized.GetValueOrDefault("w2") };
        return KnownKernels.Choose(Backend, BackendFacts.Of(tensors, device, dtype));
    }

    /// <summary>Whether weights that a checkpoint keeps quantized stay so on a GPU: not where its kernels would refuse them, or another backend is asked for that does.</summary>
    internal bool StaysQuantized(QuantizedWeights weights, ScalarType dtype, DeviceType device)
    {
        var facts = BackendFacts.Of(Tensors with { QuantizedW13 = weights, QuantizedW2 = weights }, device, dtype);
        return Backend != ExpertsBackend.Grouped && KnownKernels.Refusal(ExpertsBackend.Fused, facts) is null;
    }

    /// <summary>Told the ids of each call, [T, K], before experts run; null for nobody.</summary>
    internal Action<Tensor>? Routed { get; set; }

    /// <summary>Who has which expert; null where all are here.</summary>
    internal ExpertRanks? Ranks => _ranks;

    /// <summary>Every tensor that has something of each of this rank's slots, in the first dimension. What stays quantized lies in the mapped checkpoint.</summary>
    internal IReadOnlyList<Tensor> SlotTensors => [.. Parameters.SelectMany(static parameter => parameter.Quantized switch
    {
        null => [parameter.Value],
        DeviceWeights codes => [codes.Codes, codes.Scales],
        _ => Array.Empty<Tensor>(),
    })];

    internal ExpertTensors Tensors => new(W13, W2, W13Bias, W2Bias, _activation)
    {
        QuantizedW13 = Parameters[0].Quantized,
        QuantizedW2 = Parameters[1].Quantized,
    };

    /// <summary>Runs each token through its experts and sums them by weight.</summary>
    /// <param name="hiddenStates">[T, D].</param>
    /// <param name="topKIds">[T, K] int32. Ids that name no expert are refused on the CPU and undefined behaviour elsewhere.</param>
    /// <param name="topKWeights">[T, K] float32.</param>
    /// <returns>[T, D], in the dtype of <paramref name="hiddenStates"/>.</returns>
    /// <exception cref="ArgumentException">A tensor's dtype, device or shape is not that, or an id on the CPU names no expert.</exception>
    public Tensor Forward(Tensor hiddenStates, Tensor topKIds, Tensor topKWeights) =>
        ForwardPartial(hiddenStates, topKIds, topKWeights).Reduce().Value;

    /// <summary>This rank's share of the same, for a block that has more to add before it reduces; all of it on one rank.</summary>
    /// <remarks>The reduction is over the ranks that have these tokens. Tokens of other data ranks have come and gone by then.</remarks>
    /// <inheritdoc cref="Forward(Tensor, Tensor, Tensor)"/>
    public Partial ForwardPartial(Tensor hiddenStates, Tensor topKIds, Tensor topKWeights)
    {
        Routed?.Invoke(topKIds);
        return _ranks is null
            ? new(Run(hiddenStates, topKIds, topKWeights), null)
            : _ranks.Run(hiddenStates, topKIds, topKWeights, Run);
    }

    /// <summary>Routes and runs: on a GPU in kernels alone where the router is an <see cref="IRuledRouter"/>, else as the router routes.</summary>
    /// <param name="hiddenStates">[T, D].</param>
    /// <param name="routerLogits">[T, E].</param>
    /// <param name="selectionBias">[E], or null where the model has none.</param>
    /// <param name="router">How tokens choose.</param>
    /// <returns>[T, D], in the dtype of <paramref name="hiddenStates"/>.</returns>
    /// <exception cref="ArgumentException">A tensor's dtype, device or shape is not what the router or the experts take.</exception>
    public Tensor Forward<TRouter>(Tensor hiddenStates, Tensor routerLogits, Tensor? selectionBias, TRouter router)
        where TRouter : struct, IRouter => ForwardPartial(hiddenStates, routerLogits, selectionBias, router).Reduce().Value;

    /// <summary>This rank's share of the same.</summary>
    /// <inheritdoc cref="Forward{TRouter}(Tensor, Tensor, Tensor, TRouter)"/>
    public Partial ForwardPartial<TRouter>(Tensor hiddenStates, Tensor routerLogits, Tensor? selectionBias, TRouter router)
        where TRouter : struct, IRouter
    {
        // Who counts routes, or sends them to other ranks, has to see them.
        if (_ranks is null && Routed is null && router is IRuledRouter ruled && KnownKernels.RunRouted(new(hiddenStates, routerLogits, selectionBias, ruled.Rule, Tensors), Choice) is { } result)
        {
            return new(result, null);
        }

        using var routing = router.Route(routerLogits, selectionBias);
        return ForwardPartial(hiddenStates, routing.TopKIds, routing.TopKWeights);
    }

    /// <summary>The same with the weight on an expert's input in place of its output: Σ_k expert_k(weight_k · x), each product in the dtype of <c>x</c>.</summary>
    /// <inheritdoc cref="Forward(Tensor, Tensor, Tensor)"/>
    public Tensor ForwardWeightedInputs(Tensor hiddenStates, Tensor topKIds, Tensor topKWeights) =>
        ForwardWeightedInputsPartial(hiddenStates, topKIds, topKWeights).Reduce().Value;

    /// <summary>This rank's share of the same.</summary>
    /// <inheritdoc cref="ForwardPartial"/>
    public Partial ForwardWeightedInputsPartial(Tensor hiddenStates, Tensor topKIds, Tensor topKWeights)
    {
        using var scope = NewDisposeScope();
        var (tokens, k) = (topKIds.size(0), topKIds.size(1));
        var inputs = hiddenStates.unsqueeze(1) * topKWeights.to(hiddenStates.dtype).unsqueeze(2); // [T, K, D]
        var ids = topKIds.reshape(tokens * k, 1);
        var outputs = ForwardPartial(inputs.reshape(tokens * k, hiddenStates.shape[1]), ids, ones_like(ids, dtype: ScalarType.Float32)); // [T * K, D]
        return outputs.Map(rows => rows.reshape(tokens, k, hiddenStates.shape[1]).sum(1).MoveToOuterDisposeScope());
    }

    /// <summary>Experts need routes.</summary>
    /// <exception cref="NotSupportedException">Always: call <see cref="Forward"/>.</exception>
    public sealed override Tensor forward(Tensor x) =>
        throw new NotSupportedException("experts need routes: call Forward(hiddenStates, topKIds, topKWeights)");

    /// <summary>Keeps the experts of this rank's slots, and of each gate and up rows alike and the columns of w2 that go with them.</summary>
    internal override void Parallelize(ParallelContext context, string path) => Parallelize(context, path, context.Layout.Balancing is { } balancing
        ? ExpertPlacement.WithRedundant(_numExperts, balancing.RedundantExperts, context.Layout.ExpertRanks)
        : ExpertPlacement.Of(_numExperts, context.Layout.ExpertRanks, context.Layout.Placement));

    /// <summary>The same with any placement of the experts.</summary>
    internal void Parallelize(ParallelContext context, string path, ExpertPlacement placement)
    {
        var (start, length) = context.Share(_intermediateSize, path, "intermediate size");
        var layout = context.Layout;
        var experts = placement.IsIdentity && layout.ExpertRanks == 1 ? null : placement.ExpertsOf(context.Experts.Rank).ToArray();
        Own(_ranks = new(context, placement));
        ParameterCut Stretch(int dimension, bool halves) => layout.Tensor == 1 ? new(experts) : new(experts, dimension, start, length, halves);
        Cut(W13, Stretch(1, _activation.Gated));
        Cut(W13Bias, Stretch(1, _activation.Gated));
        Cut(W2, Stretch(2, halves: false));
        Cut(W2Bias, new(experts) { IsZero = context.TensorRank > 0 });
    }

    /// <summary>This rank's slots hold other experts from now on; their tensors do already.</summary>
    internal void HoldExperts(int[] experts)
    {
        foreach (var parameter in Parameters)
        {
            parameter.Cut = parameter.Cut! with { Experts = experts };
        }
    }

    private Tensor Run(Tensor hiddenStates, Tensor topKIds, Tensor topKWeights)
    {
        var call = new ExpertsCall(hiddenStates, topKIds, topKWeights, Tensors);
        ExpertsCallCheck.Check(call);
        return KnownKernels.Run(call, Choice);
    }

    /// <summary>Registered by the constructor, which knows which of them exist.</summary>
    protected sealed override void RegisterChildren()
    {
    }
}
