using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Kernels;

/// <summary>A tensor as kernels take it: without gaps, from a multiple of 16 bytes on. Copied only where it is not so already.</summary>
internal readonly struct DenseTensor : IDisposable
{
    private readonly Tensor? _copy;

    internal DenseTensor(Tensor? tensor)
    {
        if (tensor is null)
        {
            return;
        }

        if (!tensor.is_contiguous())
        {
            _copy = tensor.contiguous();
        }
        else if (!Aten.IsAligned(tensor))
        {
            _copy = tensor.clone();
        }

        Address = Aten.DataPointer(_copy ?? tensor);
    }

    /// <summary>Of its first element; 0 of no tensor.</summary>
    internal nint Address { get; }

    public void Dispose() => _copy?.Dispose();
}
