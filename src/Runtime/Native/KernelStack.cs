using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace Moesaic.Native;

/// <summary>The other side of <see cref="DispatcherCall"/>: how a kernel of ours takes its arguments, which it then owns, and gives its result.</summary>
internal static unsafe class KernelStack
{
    internal static Tensor TakeTensor(ulong value) => Tensor.UnsafeCreateTensor((nint)value);

    internal static Tensor? TakeOptionalTensor(ulong value)
    {
        if (value == 0)
        {
            return null;
        }

        var tensor = TakeTensor(*(ulong*)value);
        NativeMemory.Free((void*)value);
        return tensor;
    }

    internal static string TakeString(ulong value)
    {
        try
        {
            OperatorException.ThrowIfFailed(StableAbi.GetStringBytes((nint)value, out var text), "a string"u8);
            OperatorException.ThrowIfFailed(StableAbi.GetStringLength((nint)value, out var length), "a string"u8);
            return Encoding.UTF8.GetString(text, (int)length);
        }
        finally
        {
            _ = StableAbi.DeleteString((nint)value);
        }
    }

    internal static ulong Give(Tensor result) => (ulong)result.DecoupleFromNativeHandle();

    /// <summary>What a kernel leaves after an error: libtorch's ABI has no way to report one, and to leave nothing would crash.</summary>
    internal static ulong GiveUndefined() => StableAbi.NewUndefinedTensor(out var handle) == 0 ? (ulong)handle : 0;
}
