using Moesaic.Kernels;
using Moesaic.Kernels.Tests;

namespace Moesaic.Benchmarks.Experts;

/// <summary>Compiles, where there is no GPU, what will be run where its time is dear.</summary>
internal static class Compiled
{
    /// <summary>All kernels of the checks, the product and the timings, into the user's cache.</summary>
    internal static void All()
    {
        new SmallChecks(device: null).Run();
        new SmallChecks(device: null).RunFew();
        foreach (var preset in Preset.All)
        {
            foreach (var format in Enum.GetValues<WeightFormat>())
            {
                foreach (var tokens in new[] { 1, 16, 64, 1024 })
                {
                    foreach (var plan in Timing.Plans(preset.Sizes, tokens, format))
                    {
                        Add(plan, typeof(SwiGlu));
                    }
                }
            }
        }

        foreach (var activation in ModelActivations.Of(typeof(ExpertsCheck).Assembly).Concat([typeof(SwiGlu), typeof(ClampedSwiGlu), typeof(SquaredRelu), typeof(GeGluTanh)]).Distinct())
        {
            Add([.. NeededKernels.OfAll(), .. NeededKernels.Of(activation)]);
        }
    }

    /// <summary>Those of one layer.</summary>
    internal static void Add(LayerPlan plan, Type activation) => Add(plan.ProductsOf(activation, KernelTarget.HopperOrLater));

    private static void Add(IEnumerable<KernelName> names)
    {
        var source = new CompiledPtx(PtxCache.OfUser);
        Parallel.ForEach(names.Where(static name => name.Target != KernelTarget.Ampere), name => source.Get(name));
    }
}
