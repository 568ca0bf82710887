using System.Runtime.InteropServices;

namespace Moesaic;

/// <summary>The CUDA driver refused something, or is not there.</summary>
public sealed unsafe class CudaException : MoesaicException
{
    internal CudaException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>Throws if <paramref name="code"/>, what a function of the driver returned, is an error.</summary>
    internal static void ThrowIfFailed(int code, string what)
    {
        if (code != 0)
        {
            throw new CudaException($"{what}: {Describe(code)}");
        }
    }

    /// <summary><c>CUDA_ERROR_INVALID_PTX, a PTX JIT compilation failed</c>.</summary>
    internal static string Describe(int code)
    {
        if (Native.CudaDriver.GetErrorName(code, out var name) != 0)
        {
            return $"CUDA error {code}";
        }

        _ = Native.CudaDriver.GetErrorText(code, out var text);
        return $"{Marshal.PtrToStringUTF8((nint)name)}, {Marshal.PtrToStringUTF8((nint)text)}";
    }
}
