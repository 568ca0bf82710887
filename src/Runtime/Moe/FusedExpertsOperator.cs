using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Routed experts as the libtorch operator <c>moesaic::fused_experts</c>, for hosts that speak to libtorch and not to us.</summary>
/// <remarks>
/// It takes CPU, CUDA and meta tensors; on the meta device it gives a result's shape and dtype and computes nothing. An error inside
/// cannot cross the native boundary: a caller of the dispatcher then gets an undefined tensor, <see cref="Call"/> throws what it was.
/// </remarks>
public static unsafe class FusedExpertsOperator
{
    private static readonly Lazy<bool> Registered = new(RegisterNow);

    // A kernel runs on its caller's thread.
    [ThreadStatic]
    private static Exception? _error;

    /// <summary>The operator's name.</summary>
    public static string Name => "moesaic::fused_experts";

    private static ReadOnlySpan<byte> Library => "moesaic"u8;

    private static ReadOnlySpan<byte> Schema =>
        "fused_experts(Tensor hidden_states, Tensor topk_ids, Tensor topk_weights, Tensor w13, Tensor w2, Tensor? w13_bias, Tensor? w2_bias, str activation) -> Tensor"u8;

    /// <summary>Makes the operator known to libtorch. Experts do so when they are built; further calls do nothing.</summary>
    /// <exception cref="LibtorchException">libtorch cannot be loaded.</exception>
    /// <exception cref="OperatorException">libtorch refused it.</exception>
    public static void Register() => _ = Registered.Value;

    /// <summary>Calls the operator through the dispatcher. T tokens, D hidden, F expert width, E experts, K top-k.</summary>
    /// <param name="hiddenStates">[T, D].</param>
    /// <param name="topKIds">[T, K] int32.</param>
    /// <param name="topKWeights">[T, K] float32.</param>
    /// <param name="w13">[E, 2F, D], gate rows then up rows; [E, F, D] where the activation has no gate.</param>
    /// <param name="w2">[E, D, F].</param>
    /// <param name="w13Bias">[E, 2F] or [E, F], or null.</param>
    /// <param name="w2Bias">[E, D], or null.</param>
    /// <param name="activation">Its name, as <see cref="FusedExperts.ActivationName"/> tells it.</param>
    /// <returns>[T, D], in the dtype of <paramref name="hiddenStates"/>.</returns>
    /// <exception cref="ArgumentException">An argument does not fit the others, or no activation has that name.</exception>
    /// <exception cref="OperatorException">libtorch refused the call: there is no kernel for the device.</exception>
    public static Tensor Call(
        Tensor hiddenStates, Tensor topKIds, Tensor topKWeights, Tensor w13, Tensor w2, Tensor? w13Bias, Tensor? w2Bias, string activation)
    {
        Register();
        _error = null;
        using var call = new DispatcherCall();
        var result = call.Add(hiddenStates).Add(topKIds).Add(topKWeights).Add(w13).Add(w2).AddOptional(w13Bias).AddOptional(w2Bias).Add(activation)
            .Invoke("moesaic::fused_experts"u8, ""u8);
        if (_error is { } error)
        {
            _error = null;
            result.Dispose();
            ExceptionDispatchInfo.Throw(error);
        }

        return result;
    }

    private static bool RegisterNow()
    {
        Libtorch.Load();
        OperatorLibrary.Define(Library, Schema);
        OperatorLibrary.Implement(Library, "fused_experts"u8, "CPU"u8, &Kernel);
        OperatorLibrary.Implement(Library, "fused_experts"u8, "CUDA"u8, &Kernel);
        OperatorLibrary.Implement(Library, "fused_experts"u8, "Meta"u8, &Kernel);
        return true;
    }

    [UnmanagedCallersOnly]
    private static void Kernel(ulong* stack, ulong arguments, ulong results)
    {
        try
        {
            stack[0] = KernelStack.Give(Run(stack));
        }
        catch (Exception e)
        {
            _error = e;
            stack[0] = KernelStack.GiveUndefined();
        }
    }

    private static Tensor Run(ulong* stack)
    {
        using var hiddenStates = KernelStack.TakeTensor(stack[0]);
        using var topKIds = KernelStack.TakeTensor(stack[1]);
        using var topKWeights = KernelStack.TakeTensor(stack[2]);
        using var w13 = KernelStack.TakeTensor(stack[3]);
        using var w2 = KernelStack.TakeTensor(stack[4]);
        using var w13Bias = KernelStack.TakeOptionalTensor(stack[5]);
        using var w2Bias = KernelStack.TakeOptionalTensor(stack[6]);
        var name = KernelStack.TakeString(stack[7]);
        var activation = KnownActivations.Find(name)
            ?? throw new ArgumentException($"activation: '{name}' is none of {string.Join(", ", KnownActivations.Names)}; experts built with it make it known");

        var experts = new ExpertTensors(w13, w2, w13Bias, w2Bias, activation);
        var call = new ExpertsCall(hiddenStates, topKIds, topKWeights, experts);
        ExpertsCallCheck.Check(experts);
        ExpertsCallCheck.Check(call);
        return KnownKernels.Run(call, KnownKernels.Choose(ExpertsBackend.Auto, BackendFacts.Of(experts)));
    }
}
