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
        var experts = call.W13.size(0);
        Expect("topKIds", "int32", call.TopKIds.dtype, ScalarType.Int32);
        Expect("topKWeights", "float32", call.TopKWeights.dtype, ScalarType.Float32);
        Expect("hiddenStates", "the weights' dtype", call.HiddenStates.dtype, call.W13.dtype);
        ExpectShape("topKWeights", call.TopKWeights, tokens, topK);
        ExpectShape("hiddenStates", call.HiddenStates, tokens, call.W13.size(2));
        ExpectDevice("topKIds", call.TopKIds, call.W13);
        ExpectDevice("topKWeights", call.TopKWeights, call.W13);
        ExpectDevice("hiddenStates", call.HiddenStates, call.W13);
        if (call.TopKIds.device_type == DeviceType.CPU && tokens > 0)
        {
            CheckIds(call.TopKIds, topK, experts);
        }
    }

    internal static void ExpectShape(string name, Tensor tensor, params ReadOnlySpan<long> expected)
    {
        var fits = tensor.ndim == expected.Length;
        for (var i = 0; fits && i < expected.Length; i++)
        {
            fits = tensor.size(i) == expected[i];
        }

        if (!fits)
        {
            throw new ArgumentException($"{name}: expected [{string.Join(", ", expected.ToArray())}], got [{string.Join(", ", tensor.shape)}]");
        }
    }

    internal static void ExpectDevice(string name, Tensor tensor, Tensor weights)
    {
        if (tensor.device_type != weights.device_type || tensor.device_index != weights.device_index)
        {
            throw new ArgumentException($"{name}: expected on {weights.device}, where the weights are, got on {tensor.device}");
        }
    }

    internal static void Expect(string name, string what, ScalarType actual, ScalarType expected)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"{name}: expected {(what == expected.ToString() ? what : $"{what} ({expected})")}, got {actual}");
        }
    }

    private static (long Tokens, long TopK) Rows(Tensor ids, string name) => ids.ndim == 2
        ? (ids.size(0), ids.size(1))
        : throw new ArgumentException($"{name}: expected [T, K], got [{string.Join(", ", ids.shape)}]");

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
}
