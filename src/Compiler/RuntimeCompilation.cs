namespace Moesaic.Kernels;

/// <summary>Lets this process compile the kernels that no file of PTX holds: of activations that were not there when the program was built.</summary>
public static class RuntimeCompilation
{
    private static int _enabled;

    /// <summary>From now on, with the user's cache on disk. Further calls do nothing. Needs IL: not for NativeAOT.</summary>
    public static void Enable()
    {
        if (Interlocked.Exchange(ref _enabled, 1) == 0)
        {
            PtxSources.OfProcess.Add(new CompiledPtx(PtxCache.OfUser));
        }
    }
}
