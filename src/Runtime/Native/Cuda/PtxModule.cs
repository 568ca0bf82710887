using System.Text;

namespace Moesaic.Native;

/// <summary>PTX that the driver compiled for a GPU. Stays loaded for the life of the process unless disposed.</summary>
internal sealed unsafe class PtxModule : IDisposable
{
    private const int LogBytes = 1 << 15;

    private readonly nint _module;

    /// <summary>Compiles and loads PTX.</summary>
    /// <exception cref="CudaException">The driver refused it; its log is in the message.</exception>
    internal PtxModule(CudaDevice device, string name, string ptx)
    {
        device.MakeCurrent();
        var image = Encoding.ASCII.GetBytes(ptx + '\0');
        var (info, error) = (new byte[LogBytes], new byte[LogBytes]);
        fixed (byte* imageStart = image, infoStart = info, errorStart = error)
        {
            // CU_JIT_INFO_LOG_BUFFER and its size, CU_JIT_ERROR_LOG_BUFFER and its size, CU_JIT_LOG_VERBOSE.
            var options = stackalloc int[] { 3, 4, 5, 6, 12 };
            var values = stackalloc void*[] { infoStart, (void*)LogBytes, errorStart, (void*)LogBytes, (void*)1 };
            var code = CudaDriver.LoadModule(out _module, imageStart, 5, options, values);
            Log = Text(info);
            if (code != 0)
            {
                throw new CudaException($"{name}: {CudaException.Describe(code)}: {Text(error)} {Log}");
            }
        }
    }

    /// <summary>What the driver's compiler said: registers, spills, warnings.</summary>
    internal string Log { get; }

    /// <summary>A kernel of the module.</summary>
    /// <param name="sharedBytes">Of dynamic shared memory, which a launch asks for at most.</param>
    /// <exception cref="CudaException">There is none of that name, or the GPU has less shared memory.</exception>
    internal PtxFunction Function(string entryPoint, int sharedBytes)
    {
        CudaException.ThrowIfFailed(CudaDriver.GetFunction(out var function, _module, entryPoint), entryPoint);
        return new(function, entryPoint, sharedBytes);
    }

    public void Dispose() => _ = CudaDriver.UnloadModule(_module);

    private static string Text(byte[] log) => Encoding.UTF8.GetString(log).TrimEnd('\0').Trim();
}
