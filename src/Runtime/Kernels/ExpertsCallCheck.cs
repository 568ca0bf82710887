using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Refuses a call that a kernel would answer with nonsense or with an error from the depths of libtorch.</summary>
internal static class ExpertsCallCheck
{
    /// <summary>Checks dtypes, shapes and, on the CPU, ids.</summary>
    /// <remarks>Ids on a GPU are not read: that would stop the host until the GPU is idle, once a layer.</remarks>
    /// <exception cref="ArgumentException">A tensor's dtype, device or shape is not what the contract says.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An id on the CPU names no expert.</exception>
    internal static void Check(in ExpertsCall call)
    {
        var (tokens, topK) = Rows(call.TopKIds, "topKIds");
        var w13 = call.Experts.W13;
        Expect("topKIds", null, call.TopKIds.dtype, ScalarType.Int32);
        Expect("topKWeights", null, call.TopKWeights.dtype, ScalarType.Float32);
        Expect("hiddenStates", "the weights' dtype", call.HiddenStates.dtype, w13.dtype);
        ExpectShape("topKWeights", call.TopKWeights, tokens, topK);
        ExpectShape("hiddenStates", call.HiddenStates, tokens, w13.size(2));
        ExpectDevice("topKIds", call.TopKIds, call.Experts);
        ExpectDevice("topKWeights", call.TopKWeights, call.Experts);
        ExpectDevice("hiddenStates", call.HiddenStates, call.Experts);
        if (call.TopKIds.device_type == DeviceType.CPU && tokens > 0)
        {
            CheckIds(call.TopKIds, topK, w13.size(0));
        }
    }

    /// <summary>Checks that the tensors of the experts fit together; those of a module do by construction.</summary>
    /// <exception cref="ArgumentException">A tensor's dtype, device or shape is not what the contract says.</exception>
    internal static void Check(in ExpertTensors experts)
    {
        var (w13, w2) = (experts.W13, experts.W2);
        if (w2.ndim != 3)
        {
            throw new ArgumentException($"w2: expected [E, D, F], got {Shape(w2)}");
        }

        var rows = experts.Activation.Gated ? 2 * w2.size(2) : w2.size(2);
        ExpectShape("w13", w13, w2.size(0), rows, w2.size(1));
        ExpectLike("w2", w2, w13);
        if (experts.W13Bias is { } w13Bias)
        {
            ExpectShape("w13_bias", w13Bias, w2.size(0), rows);
            ExpectLike("w13_bias", w13Bias, w13);
        }

        if (experts.W2Bias is { } w2Bias)
        {
            ExpectShape("w2_bias", w2Bias, w2.size(0), w2.size(1));
            ExpectLike("w2_bias", w2Bias, w13);
        }
    }

    private static void ExpectLike(string name, Tensor tensor, Tensor weights)
    {
        Expect(name, "the dtype of w13", tensor.dtype, weights.dtype);
        ExpectDevice(name, tensor, weights);
    }

    private static void ExpectShape(string name, Tensor tensor, params ReadOnlySpan<long> expected)
    {
        var fits = tensor.ndim == expected.Length;
        for (var i = 0; fits && i < expected.Length; i++)
        {
            fits = tensor.size(i) == expected[i];
        }

        if (!fits)
        {
            throw new ArgumentException($"{name}: expected [{string.Join(", ", expected.ToArray())}], got {Shape(tensor)}");
        }
    }

    private static void ExpectDevice(string name, Tensor tensor, in ExpertTensors experts)
    {
        if (!experts.AreQuantized)
        {
            ExpectDevice(name, tensor, experts.W13);
        }
        else if (tensor.device_type != experts.DeviceType)
        {
            throw new ArgumentException($"{name}: expected on the {experts.DeviceType}, where quantized weights are, got on {tensor.device}");
        }
    }

    private static void ExpectDevice(string name, Tensor tensor, Tensor weights)
    {
        if (tensor.device_type != weights.device_type || tensor.device_index != weights.device_index)
        {
            throw new ArgumentException($"{name}: expected on {weights.device}, where the weights are, got on {tensor.device}");
        }
    }

    private static void Expect(string name, string? role, ScalarType actual, ScalarType expected)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"{name}: expected {expected}{(role is null ? "" : $", {role}")}, got {actual}");
        }
    }

    private static (long Tokens, long TopK) Rows(Tensor ids, string name) => ids.ndim == 2 && ids.size(1) > 0
        ? (ids.size(0), ids.size(1))
        : throw new ArgumentException($"{name}: expected [T, K] with K of 1 or more, got {Shape(ids)}");

    private static void CheckIds(Tensor ids, long topK, long experts)
    {
        using var dense = ids.contiguous();
        var values = MemoryMarshal.Cast<byte, int>(dense.bytes);
        for (var i = 0; i < values.Length; i++)
        {
            // One comparison for both ends: a negative id is a large unsigned one.
            if ((uint)values[i] >= (ulong)experts)
            {
                throw new ArgumentOutOfRangeException(
                    paramName: null, $"topKIds[{i / topK}, {i % topK}] is {values[i]}: expected 0 to {experts - 1}");
            }
        }
    }

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
