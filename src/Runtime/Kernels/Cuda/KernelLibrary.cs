using System.Collections.Concurrent;
using Moesaic.Native;

namespace Moesaic.Kernels;

/// <summary>Kernels on a GPU, each loaded when it is first asked for and then kept.</summary>
internal sealed class KernelLibrary(CudaDevice device, IPtxSource source)
{
    private readonly ConcurrentDictionary<KernelName, Lazy<LoadedKernel>> _loaded = new();

    internal CudaDevice Device => device;

    /// <summary>What kernels that need no instruction of one chip are compiled for.</summary>
    internal KernelTarget Target { get; } = KernelTarget.Of(device.Capability);

    /// <summary>Those that were asked for.</summary>
    internal IEnumerable<KernelName> Names => _loaded.Keys;

    /// <summary>A kernel, with leave to take the shared memory that so many experts need.</summary>
    /// <exception cref="CudaException">There is no PTX for it, or the driver refused it.</exception>
    internal LoadedKernel Get(KernelName name, int experts = 0)
    {
        var kernel = _loaded.GetOrAdd(name, new Lazy<LoadedKernel>(() => new(device, name.ToString(), source.Get(name)))).Value;
        kernel.Function.Reserve(kernel.SharedBytes(experts));
        return kernel;
    }
}
