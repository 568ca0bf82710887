using System.Runtime.InteropServices;
using Moesaic.Native;

namespace Moesaic.Kernels.Cpu;

/// <summary>The threads of the OpenMP library that libtorch uses.</summary>
/// <remarks>Interface: <c>GOMP_parallel</c>, which a compiler's <c>#pragma omp parallel</c> becomes.</remarks>
internal sealed unsafe class OpenMpTeam : Team
{
    private readonly delegate* unmanaged<delegate* unmanaged<nint, void>, nint, uint, uint, void> _parallel;

    private OpenMpTeam(nint parallel) => _parallel = (delegate* unmanaged<delegate* unmanaged<nint, void>, nint, uint, uint, void>)parallel;

    internal override string Description => "libtorch's threads";

    /// <summary>Null where libtorch brings no GNU OpenMP.</summary>
    internal static OpenMpTeam? Find()
    {
        Libtorch.Load();
        foreach (var path in Directory.EnumerateFiles(LibtorchFiles.Find().Libtorch, "libgomp*.so*"))
        {
            // It is loaded by now; this is another handle of the same library.
            if (NativeLibrary.TryLoad(path, out var library) && NativeLibrary.TryGetExport(library, "GOMP_parallel", out var parallel))
            {
                return new(parallel);
            }
        }

        return null;
    }

    private protected override void Run(int threads, TeamJob job)
    {
        using var handle = new GCHandle<TeamJob>(job);
        _parallel(&Take, GCHandle<TeamJob>.ToIntPtr(handle), (uint)threads, 0);
    }

    [UnmanagedCallersOnly]
    private static void Take(nint job) => GCHandle<TeamJob>.FromIntPtr(job).Target.Take();
}
