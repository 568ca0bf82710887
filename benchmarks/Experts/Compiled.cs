using System.Collections.Concurrent;
using Moesaic.Kernels;
using Moesaic.Kernels.Tests;

namespace Moesaic.Benchmarks.Experts;

/// <summary>Compiles, where there is no GPU, what will be run where its time is dear.</summary>
/// <param name="words">All of them in the names of the kernels.</param>
internal sealed class Compiled(params string[] words)
{
    private readonly HashSet<KernelName> _names = [];

    /// <summary>All kernels of the checks, the product and the timings, into the user's cache.</summary>
    internal void All()
    {
        var checks = new SmallChecks(device: null, Add);
        checks.Run();
        checks.RunFew();
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

        Compile();
    }

    /// <summary>Those of the checks for compute-sanitizer and of codes in tiles.</summary>
    internal void Few()
    {
        var checks = new SmallChecks(device: null, Add);
        checks.RunFew();
        checks.RunCodedTiles();
        Add([.. NeededKernels.OfAll(), .. NeededKernels.Of(typeof(SwiGlu))]);
        Compile();
    }

    private void Compile()
    {
        // Those that take a hundred times as long first.
        var source = new CompiledPtx(PtxCache.OfUser);
        var names = _names.OrderBy(static name => name.Kernel is not (ExpertKernel.TiledGateUp or ExpertKernel.TiledDown)).ToArray();

        // Each takes a gigabyte or two: no more than there are cores for.
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.ForEach(Partitioner.Create(names, EnumerablePartitionerOptions.NoBuffering), options, name => source.Get(name));
    }

    /// <summary>Those of one layer.</summary>
    private void Add(LayerPlan plan, Type activation) => Add(plan.ProductsOf(activation, KernelTarget.HopperOrLater));

    private void Add(IEnumerable<KernelName> names) =>
        _names.UnionWith(names.Where(name => name.Target != KernelTarget.Ampere && words.All(name.ToString().Contains)));
}
