using System.Collections.Concurrent;
using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Kernels;

/// <summary>From the projections of one token a row to what its heads saw, in one launch: norms, rotation, cache and attention.</summary>
internal static class DecodeAttention
{
    // Of query heads that one block takes.
    private const int Heads = 8;
    private const int MostParts = 64;

    // The fewest positions that are worth a block: each of its warps has two steps.
    private const int Positions = 128;

    private static readonly int[] Widths = [64, 128];
    private static readonly ConcurrentDictionary<(int Device, nint Stream), Tensor> Counters = new();

    internal static IEnumerable<KernelName> Names(KernelTarget target) => Widths.Select(width => Name(width, target));

    /// <summary>[B, 1, H · d]; null where the kernel does not take the call.</summary>
    internal static Tensor? Run(in DecodeAttentionCall call)
    {
        var (batch, heads, width) = (call.Query.shape[0], (int)call.Query.shape[1], (int)call.Query.shape[3]);
        var (keyHeads, capacity) = ((int)call.Keys.shape[1], (int)call.Keys.shape[2]);
        if (!SmallBatch.Takes(call.Query, call.Keys) || !Widths.Contains(width) || call.Values.shape[3] != width || capacity % 16 != 0 || call.Rotation.RotaryDim % 16 != 0 || heads % keyHeads != 0
            || call.Query.stride(3) != 1 || call.Key.stride(3) != 1 || call.Value.stride(3) != 1
            || call.Query.stride(1) != width || call.Key.stride(1) != width || call.Value.stride(1) != width || call.Key.stride(0) != call.Value.stride(0)
            || call.Sinks is { } other && other.dtype != ScalarType.BFloat16
            || (call.QueryNorm?.Weight ?? call.KeyNorm?.Weight ?? call.Keys).dtype != ScalarType.BFloat16
            || SmallBatch.Gpu(call.Query) is not { } gpu)
        {
            return null;
        }

        var tiles = batch * keyHeads * (((heads / keyHeads) + Heads - 1) / Heads);
        var parts = Math.Clamp(gpu.Device.Multiprocessors / tiles, 1, Math.Min(MostParts, Math.Max(1, capacity / Positions)));
        var (cos, sin) = call.Rotation.Angles(call.Context, ScalarType.BFloat16);
        var kernel = gpu.Kernels.Get(Name(width, gpu.Kernels.Target));
        var output = empty([batch, 1, heads * width], dtype: ScalarType.BFloat16, device: call.Query.device);
        using var memory = parts == 1 ? null : empty([tiles * parts * Heads * (width + 2)], dtype: ScalarType.Float32, device: call.Query.device);
        gpu.Device.MakeCurrent();
        var stream = gpu.Device.TorchStream();
        var counters = Counters.GetOrAdd((gpu.Device.Index, stream), static (_, call) => zeros([1 << 16], dtype: ScalarType.Int32, device: call.Query.device).DetachFromDisposeScope(), call);
        kernel.Function.Launch(
            SmallBatch.Shape(gpu, kernel, parts, tiles), stream,
            Aten.DataPointer(call.Query), (int)call.Query.stride(0), Aten.DataPointer(call.Key), Aten.DataPointer(call.Value), (int)call.Key.stride(0),
            Address(call.QueryNorm?.Weight), Address(call.KeyNorm?.Weight), (float)((call.QueryNorm ?? call.KeyNorm)?.Eps ?? 0),
            Aten.DataPointer(cos), Aten.DataPointer(sin), call.Rotation.RotaryDim, call.Rotation.IsInterleaved ? 1 : 0,
            Aten.DataPointer(call.Position), Aten.DataPointer(call.Keys), Aten.DataPointer(call.Values), capacity,
            Address(call.Sinks), Address(memory), Aten.DataPointer(counters), Aten.DataPointer(output),
            heads, keyHeads, call.Window ?? 0, (float)call.Scale, (float)(call.ScoreCap ?? 0));
        return output;
    }

    private static KernelName Name(int width, KernelTarget target) => new(ExpertKernel.DecodeAttention, target) { HeadWidth = width };

    private static nint Address(Tensor? tensor) => tensor is null ? 0 : Aten.DataPointer(tensor);
}
