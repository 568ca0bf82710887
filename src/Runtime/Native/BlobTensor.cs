using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Native;

/// <summary>Tensors over memory that is not torch's.</summary>
internal static unsafe partial class BlobTensor
{
    /// <summary>A contiguous CPU tensor over <paramref name="data"/>, which it neither copies nor frees: the caller keeps it alive.</summary>
    /// <remarks>The tensor belongs to the current dispose scope, if there is one.</remarks>
    internal static Tensor Over(nint data, ReadOnlySpan<long> shape, ScalarType dtype)
    {
        Libtorch.Load();
        var rank = shape.Length;
        var sizes = stackalloc long[rank + 1]; // One more: a rank of zero needs an address too.
        var strides = stackalloc long[rank + 1];
        var stride = 1L;
        for (var i = rank - 1; i >= 0; i--)
        {
            sizes[i] = shape[i];
            strides[i] = stride;
            stride *= Math.Max(1, shape[i]);
        }

        var code = CreateFromBlob((void*)data, rank, sizes, strides, 0, (int)dtype, (int)DeviceType.CPU, -1, out var handle);
        OperatorException.ThrowIfFailed(code, "a tensor over foreign memory"u8);
        return Tensor.UnsafeCreateTensor(handle);
    }

    /// <summary>The address of a tensor's first element.</summary>
    internal static nint AddressOf(Tensor tensor) => (nint)Aten.DataPointer(tensor);

    [LibraryImport("torch_cpu", EntryPoint = "aoti_torch_create_tensor_from_blob")]
    private static partial int CreateFromBlob(
        void* data, long rank, long* sizes, long* strides, long offset, int dtype, int deviceType, int deviceIndex, out nint tensor);
}
