using Moesaic.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Kernels;

/// <summary>Memory of libtorch's for what lies between the kernels of a layer. Little is kept for the next call, much is given back.</summary>
/// <remarks>Given back while kernels still use it: libtorch hands it out again only to what is queued behind them, on the same stream.</remarks>
internal sealed class CudaWorkspace(int deviceIndex)
{
    // What few tokens need: allocating it would take as long as their launches.
    private const long KeptBytes = 32L << 20;

    private readonly Dictionary<nint, Tensor> _kept = [];

    /// <summary>At least so many bytes, for launches on a stream that is libtorch's current one.</summary>
    internal Piece Take(long bytes, nint stream)
    {
        if (bytes > KeptBytes)
        {
            var piece = New(bytes);
            return new(piece, isKept: false);
        }

        if (!_kept.TryGetValue(stream, out var kept) || kept.NumberOfElements < bytes)
        {
            kept?.Dispose();
            _kept[stream] = kept = New(bytes);
        }

        return new(kept, isKept: true);
    }

    /// <summary>Outside of all dispose scopes: it lives as long as it is good for.</summary>
    private Tensor New(long bytes) => empty(bytes, ScalarType.Byte, new Device(DeviceType.CUDA, deviceIndex)).DetachFromDisposeScope();

    /// <summary>Memory until it is disposed.</summary>
    internal readonly struct Piece(Tensor tensor, bool isKept) : IDisposable
    {
        internal nint Address => Aten.DataPointer(tensor);

        public void Dispose()
        {
            if (!isKept)
            {
                tensor.Dispose();
            }
        }
    }
}
