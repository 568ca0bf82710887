namespace Moesaic.Kernels.Tests;

public sealed class KernelCatalogTests
{
    // What a block of the smallest GPU that each target runs on may have: an A10 has 99 KB, a H100 227 KB.
    private const int AmpereSharedBytes = 99 << 10;
    private const int HopperSharedBytes = 227 << 10;

    [Fact]
    public void EveryNeededKernel_HasAMethodThatFits()
    {
        KernelName[] names = [.. NeededKernels.OfAll(), .. NeededKernels.Of(typeof(AuthorsActivation))];
        Assert.Equal(names.Length, names.Select(static name => name.ToString()).Distinct(StringComparer.Ordinal).Count());
        Assert.All(names, static name =>
        {
            var entry = KernelCatalog.Find(name);
            Assert.False(entry.Method.ContainsGenericParameters);
            Assert.InRange(entry.Bounds.Threads, 32, 1024);
            Assert.InRange(entry.SharedBytes + (128 * entry.SharedBytesPerExpert), 0, name.Target == KernelTarget.Hopper ? HopperSharedBytes : AmpereSharedBytes);
        });
    }

    [Theory]
    [InlineData(8)]
    [InlineData(333)]
    public void SharedMemoryOfRouting_GrowsByTheSameForEachExpert(int experts)
    {
        Assert.Equal(Alignment.Bytes(experts), experts * Find(ExpertKernel.Align).SharedBytesPerExpert);
        Assert.Equal(CountKernel.Bytes(experts), experts * Find(ExpertKernel.Count).SharedBytesPerExpert);
        Assert.Equal(RouteKernel.Warps * RoutingRow.Floats(experts) * sizeof(float), experts * Find(ExpertKernel.Route).SharedBytesPerExpert);
    }

    /// <summary>What the backend asks of a GPU before it takes a call.</summary>
    [Fact]
    public void SharedMemoryOfSorting_IsWhatTheBackendCountsWith() =>
        Assert.Equal(FusedCudaExperts.SharedBytesOfSorting, Alignment.Bytes(1));

    [Fact]
    public void CompiledKernel_SaysHowItIsLaunched()
    {
        var folder = Directory.CreateTempSubdirectory("moesaic-ptx-").FullName;
        var kernel = new CompiledPtx(new PtxCache(folder)).Get(new(ExpertKernel.Down, KernelTarget.Ampere) { Tile = StreamTiles.Of(WeightFormat.BFloat16).Decode });
        Assert.Equal((128, 4096, 0), (kernel.Threads, kernel.SharedBytes, kernel.SharedBytesPerExpert));
        Assert.Contains(".target sm_80", kernel.Text, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void AssemblyOfAModel_NeedsItsAuthorsActivations() => Assert.Contains(typeof(AuthorsActivation), ModelActivations.Of(typeof(AuthorsActivation).Assembly));

    private static KernelEntry Find(ExpertKernel kernel) => KernelCatalog.Find(new(kernel, KernelTarget.Ampere));
}
