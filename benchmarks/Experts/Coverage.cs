using Moesaic.Kernels;
using Moesaic.Native;

namespace Moesaic.Benchmarks.Experts;

/// <summary>Which of the kernels that a model can ask for on this GPU were run.</summary>
internal static class Coverage
{
    /// <summary>Those that run on this GPU.</summary>
    internal static IEnumerable<KernelName> Needed(CudaDevice device)
    {
        var target = KernelTarget.Of(device.Capability);
        return NeededKernels.OfAll().Concat(NeededKernels.Of(typeof(SwiGlu)))
            .Where(name => name.Target == target || (name.Target == KernelTarget.Hopper && device.Capability.Major == 9));
    }

    /// <summary>0 where all were, else 1.</summary>
    internal static int Report(CudaDevice device)
    {
        var needed = Needed(device).ToArray();
        var run = LayerPlanLoading.Loaded.Concat(GpuExperts.Of(0).Kernels.Names).ToHashSet();
        var missing = needed.Where(name => !run.Contains(name)).ToArray();
        foreach (var name in missing)
        {
            Console.WriteLine($"NOT RUN {name}");
        }

        Console.WriteLine($"{needed.Length - missing.Length} of {needed.Length} kernels were run");
        return missing.Length == 0 ? 0 : 1;
    }
}
