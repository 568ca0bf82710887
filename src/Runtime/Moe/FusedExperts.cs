using Moesaic.Checkpoints;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>The routed experts of a block, their weights stacked: what routes may be ours or the author's own.</summary>
public abstract class FusedExperts : ExplicitModule
{
    private readonly ActivationFunction _activation;
    private BackendChoice? _choice;

    private protected FusedExperts(int numExperts, int hiddenSize, int intermediateSize, ActivationFunction activation, bool bias)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(numExperts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hiddenSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(intermediateSize);
        FusedExpertsOperator.Register();
        _activation = activation;

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
        KnownKernels.Choose(Backend, BackendFacts.Of(Tensors).On(device, _activation) with { Dtype = dtype, Quantized = quantized });

    /// <summary>The same for weights of which some would stay quantized, by the name of their parameter.</summary>
    internal BackendChoice ChoiceFor(DeviceType device, ScalarType dtype, Dictionary<string, QuantizedWeights> quantized)
    {
        var tensors = Tensors with { QuantizedW13 = quantized.GetValueOrDefault("w13"), QuantizedW2 = quantized.GetValueOrDefault("w2") };
        return KnownKernels.Choose(Backend, BackendFacts.Of(tensors).On(device, _activation) with { Dtype = dtype });
    }

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
    public Tensor Forward(Tensor hiddenStates, Tensor topKIds, Tensor topKWeights)
    {
        var call = new ExpertsCall(hiddenStates, topKIds, topKWeights, Tensors);
        ExpertsCallCheck.Check(call);
        return KnownKernels.Run(call, Choice);
    }

    /// <summary>Routes and runs: on a GPU in kernels alone where the router is an <see cref="IRuledRouter"/>, else as the router routes.</summary>
    /// <param name="hiddenStates">[T, D].</param>
    /// <param name="routerLogits">[T, E].</param>
    /// <param name="selectionBias">[E], or null where the model has none.</param>
    /// <param name="router">How tokens choose.</param>
    /// <returns>[T, D], in the dtype of <paramref name="hiddenStates"/>.</returns>
    /// <exception cref="ArgumentException">A tensor's dtype, device or shape is not what the router or the experts take.</exception>
    public Tensor Forward<TRouter>(Tensor hiddenStates, Tensor routerLogits, Tensor? selectionBias, TRouter router)
        where TRouter : struct, IRouter
    {
        if (router is IRuledRouter ruled && KnownKernels.RunRouted(new(hiddenStates, routerLogits, selectionBias, ruled.Rule, Tensors), Choice) is { } result)
        {
            return result;
        }

        using var routing = router.Route(routerLogits, selectionBias);
        return Forward(hiddenStates, routing.TopKIds, routing.TopKWeights);
    }

    /// <summary>The same with the weight on an expert's input in place of its output: Σ_k expert_k(weight_k · x), each product in the dtype of <c>x</c>.</summary>
    /// <inheritdoc cref="Forward(Tensor, Tensor, Tensor)"/>
    public Tensor ForwardWeightedInputs(Tensor hiddenStates, Tensor topKIds, Tensor topKWeights)
    {
        using var scope = NewDisposeScope();
        var (tokens, k) = (topKIds.size(0), topKIds.size(1));
        var inputs = hiddenStates.unsqueeze(1) * topKWeights.to(hiddenStates.dtype).unsqueeze(2); // [T, K, D]
        var ids = topKIds.reshape(tokens * k, 1);
        var outputs = Forward(inputs.reshape(tokens * k, -1), ids, ones_like(ids, dtype: ScalarType.Float32)); // [T * K, D]
        return outputs.reshape(tokens, k, -1).sum(1).MoveToOuterDisposeScope();
    }

    /// <summary>Experts need routes.</summary>
    /// <exception cref="NotSupportedException">Always: call <see cref="Forward"/>.</exception>
    public sealed override Tensor forward(Tensor x) =>
        throw new NotSupportedException("experts need routes: call Forward(hiddenStates, topKIds, topKWeights)");

    /// <summary>Registered by the constructor, which knows which of them exist.</summary>
    protected sealed override void RegisterChildren()
    {
    }
}
