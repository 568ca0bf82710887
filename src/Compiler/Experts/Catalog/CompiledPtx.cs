namespace Moesaic.Kernels;

/// <summary>Kernels that are compiled when they are asked for, once for each cache.</summary>
internal sealed class CompiledPtx(PtxCache cache) : IPtxSource
{
    public string? Refusal(KernelName name) => null;

    public PtxKernel Get(KernelName name)
    {
        var (method, bounds, sharedBytes, sharedBytesPerExpert) = KernelCatalog.Find(name);
        return cache.Get(method, bounds, name.Target) with { Threads = bounds.Threads, SharedBytes = sharedBytes, SharedBytesPerExpert = sharedBytesPerExpert };
    }
}
