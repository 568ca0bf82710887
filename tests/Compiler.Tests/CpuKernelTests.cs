using static TorchSharp.torch;

namespace Moesaic.Kernels.Tests;

/// <summary>Kernels on toy sizes, without a GPU, against the tensors they replace.</summary>
public sealed class CpuKernelTests
{
    // T tokens, E experts, K top-k, R = T * K routes
    private const int Tokens = 3;
    private const int Experts = 40;
    private const int Poison = -7;

    public static TheoryData<string> Routers => [.. RouterCases.All.Keys];

    [Theory]
    [MemberData(nameof(Routers))]
    public void RouteKernel_DoesWhatTheRouterDoesOnTensors(string name)
    {
        var router = RouterCases.All[name];
        using var scope = NewDisposeScope();
        var logits = randn(Tokens, Experts, generator: new Generator(5));
        var bias = RouterCases.TakesBias(name) ? randn(Experts, generator: new Generator(6)) : null;
        logits[1] = 0.25f; // All equal: of equals the lowest id comes first.
        var expected = router.Route(logits, bias);

        var (ids, weights) = Route(router, Address(logits), isNarrow: 0, Tokens, Experts, bias is null ? 0L : Address(bias));

        Assert.Equal(expected.TopKIds.data<int>().ToArray(), ids);
        Assert.All(expected.TopKWeights.data<float>().ToArray().Zip(weights), static pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    /// <summary>More experts than lanes have in the narrowest form, in bfloat16.</summary>
    [Theory]
    [InlineData(200)]
    [InlineData(300)]
    public void RouteKernel_TakesManyNarrowLogits(int experts)
    {
        using var scope = NewDisposeScope();
        var router = new SoftmaxTopKRouter(8, normTopkProb: true);
        var logits = randn(1, experts, generator: new Generator(8)).to(ScalarType.BFloat16);
        var expected = router.Route(logits.to(ScalarType.Float32), null);

        var (ids, weights) = Route(router, Address(logits), isNarrow: 1, 1, experts);

        Assert.Equal(expected.TopKIds.data<int>().ToArray(), ids);
        Assert.All(expected.TopKWeights.data<float>().ToArray().Zip(weights), static pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    /// <summary>Groups of experts whose numbers lie with several lanes, in each form of a lane's numbers.</summary>
    [Theory]
    [InlineData(64)]
    [InlineData(256)]
    [InlineData(512)]
    public void RouteKernel_DropsGroupsOfManyExperts(int experts)
    {
        using var scope = NewDisposeScope();
        var router = new GroupLimitedSigmoidRouter(8, 8, 3, true, 2.5);
        var logits = randn(1, experts, generator: new Generator(9));
        var bias = randn(experts, generator: new Generator(10));
        var expected = router.Route(logits, bias);

        var (ids, weights) = Route(router, Address(logits), isNarrow: 0, 1, experts, Address(bias));

        Assert.Equal(expected.TopKIds.data<int>().ToArray(), ids);
        Assert.All(expected.TopKWeights.data<float>().ToArray().Zip(weights), static pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    /// <summary>NaN loses against all else, zeros of either sign tie, and a row of nothing but NaN still names an expert.</summary>
    [Fact]
    public void RouteKernel_OrdersWhatIsNoUsualNumber()
    {
        const float nan = float.NaN, inf = float.PositiveInfinity;
        using var scope = NewDisposeScope();
        var logits = full(3, Experts, -inf);
        logits[0, 3] = logits[0, 35] = nan;
        logits[0, 39] = logits[0, 7] = 0f;
        logits[0, 6] = logits[0, 38] = -0f;
        logits[0, 20] = -1e-30f;
        logits[1] = nan;
        logits[1, 33] = -inf;
        logits[2, 0] = logits[2, 1] = nan;

        var (ids, _) = Route(new TopKSoftmaxRouter(6), Address(logits), isNarrow: 0, 3, Experts);

        Assert.Equal([6, 7, 38, 39, 20, 0], ids[..6]);
        Assert.Equal([33, 0, 0, 0, 0, 0], ids[6..12]);
        Assert.Equal([2, 3, 4, 5, 6, 7], ids[12..]);
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(37, 8)]
    [InlineData(100, 2)]
    public void AlignKernel_SortsStably_AndCutsTiles(int routes, int tileRoutes)
    {
        var random = new Random(routes);
        var ids = CpuGrid.Pinned(routes, 0);
        for (var i = 0; i < routes; i++)
        {
            ids[i] = random.Next(Experts / 4) * 3;
        }

        var order = CpuGrid.Pinned(routes, Poison);
        var tiles = CpuGrid.Pinned(4 * routes, Poison);
        var count = CpuGrid.Pinned(1, Poison);
        using var grid = new CpuGrid();
        grid.Run(
            typeof(AlignKernel), (1, 1), Alignment.Threads, Alignment.Bytes(Experts),
            CpuGrid.Address(ids), CpuGrid.Address(order), CpuGrid.Address(tiles), CpuGrid.Address(count), routes, Experts, tileRoutes);

        Assert.Equal(Enumerable.Range(0, routes).OrderBy(slot => ids[slot]), order);
        AssertTiles(ids, order, Enumerable.Range(0, count[0]).Select(i => tiles[(4 * i)..((4 * i) + 4)]), tileRoutes, spareRoutes: 0);
    }

    [Theory]
    [InlineData(1, 16, 0)]
    [InlineData(3, 16, 0)]
    [InlineData(3, 32, 16)]
    [InlineData(2, 64, 32)]
    public void CountAndPlace_DoTheSameInManyBlocks(int blocks, int tileRoutes, int spareRoutes)
    {
        const int routes = 700;
        var random = new Random(blocks);
        var ids = CpuGrid.Pinned(routes, 0);
        var weights = CpuGrid.Pinned(routes, 0f);
        for (var i = 0; i < routes; i++)
        {
            (ids[i], weights[i]) = (random.Next(random.Next(1, Experts)), random.NextSingle());
        }

        var counts = CpuGrid.Pinned(blocks * Experts, Poison);
        var (order, tiles, count, next) = (CpuGrid.Pinned(routes, Poison), CpuGrid.Pinned(4 * routes, Poison), CpuGrid.Pinned(1, Poison), CpuGrid.Pinned(2, Poison));
        var sorted = CpuGrid.Pinned(routes, float.NaN);
        using var grid = new CpuGrid();
        grid.Run(
            typeof(CountKernel), (blocks, 1), Alignment.Threads, CountKernel.Bytes(Experts), CpuGrid.Address(ids), CpuGrid.Address(counts), routes, Experts);
        grid.Run(
            typeof(PlaceKernel), (blocks, 1), Alignment.Threads, Alignment.Bytes(Experts),
            CpuGrid.Address(ids), CpuGrid.Address(weights), CpuGrid.Address(counts), CpuGrid.Address(order), CpuGrid.Address(sorted),
            CpuGrid.Address(tiles), CpuGrid.Address(count), CpuGrid.Address(next), routes, Experts, tileRoutes, spareRoutes);

        Assert.Equal(Enumerable.Range(0, routes).OrderBy(slot => ids[slot]), order);
        Assert.Equal(order.Select(slot => weights[slot]), sorted);
        Assert.Equal([0, 0], next);
        AssertTiles(ids, order, Enumerable.Range(0, count[0]).Select(i => tiles[(4 * i)..((4 * i) + 4)]), tileRoutes, spareRoutes);
    }

    [Fact]
    public void GatherKernel_SortsTokens()
    {
        const int hidden = 2072, topK = 3, routes = 13;
        using var scope = NewDisposeScope();
        var x = randn(5, hidden, generator: new Generator(7)).to(ScalarType.BFloat16);
        var rows = zeros(routes + 1, hidden, ScalarType.BFloat16);
        var order = CpuGrid.Pinned(routes, 0);
        new[] { 12, 3, 0, 7, 14, 1, 2, 9, 10, 4, 13, 5, 6 }.CopyTo(order, 0);
        using var grid = new CpuGrid();
        grid.Run(typeof(GatherKernel), (2, 3), GatherKernel.Threads, 0, Address(x), CpuGrid.Address(order), Address(rows), routes, hidden, topK);

        var expected = x.index_select(0, tensor(order.Select(static slot => (long)slot / topK).ToArray()));
        Assert.True(rows.narrow(0, 0, routes).equal(expected).all().item<bool>());
        Assert.True(rows[^1].eq(0).all().item<bool>());
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void CombineKernel_AddsTheRowsOfAToken(ScalarType dtype)
    {
        const int hidden = 24, topK = 3;
        using var scope = NewDisposeScope();
        var rows = randn(Tokens, topK, hidden, generator: new Generator(7)).to(dtype);
        var output = zeros(Tokens, hidden, dtype);
        using var grid = new CpuGrid();
        var kernel = KernelCatalog.Method(typeof(CombineKernel), dtype == ScalarType.Float16 ? typeof(Halves) : typeof(BrainFloats));
        grid.Run(kernel, (1, Tokens), CombineKernel.Threads, 0, Address(rows), Address(output), hidden, topK);

        var expected = rows.to(ScalarType.Float32).sum(1).to(dtype);
        Assert.True(output.equal(expected).all().item<bool>());
    }

    [Theory]
    [InlineData(24)]
    [InlineData(4096)]
    public void RmsNormKernel_DoesWhatTheModuleDoes(int width)
    {
        using var scope = NewDisposeScope();
        using var norm = new RmsNorm(width, 1e-5);
        RandomWeights.Fill(norm, 9, ScalarType.BFloat16, deviation: 0.5);
        var x = randn(Tokens, width, generator: new Generator(10)).to(ScalarType.BFloat16);
        var output = zeros(Tokens, width, ScalarType.BFloat16);
        using var grid = new CpuGrid();
        grid.Run(typeof(RmsNormKernel), (Tokens, 1), RmsNormKernel.Threads, RmsNormKernel.SharedBytes, Address(x), Address(norm.Weight), Address(output), width, 1e-5f);

        // Where a sum's order tips a rounding, by one unit in the last place.
        var expected = norm.forward(x).to(ScalarType.Float32);
        Assert.InRange(((output.to(ScalarType.Float32) - expected).abs() / expected.abs().clamp(min: 1e-3)).max().item<float>(), 0, 1f / 64);
    }

    private static (int[] Ids, float[] Weights) Route(IRuledRouter router, long logits, int isNarrow, int tokens, int experts, long bias = 0)
    {
        var routes = tokens * router.Rule.TopK;
        var (ids, weights) = (CpuGrid.Pinned(routes, Poison), CpuGrid.Pinned(routes, float.NaN));
        using var grid = new CpuGrid();
        grid.Run(
            typeof(RouteKernel), (1, 1), 32 * RouteKernel.Warps, RouteKernel.Warps * RoutingRow.Floats(experts) * sizeof(float), router.Rule,
            logits, isNarrow, bias, CpuGrid.Address(ids), CpuGrid.Address(weights), tokens, experts);
        return (ids, weights);
    }

    /// <summary>An expert's routes are in as few tiles as hold them, equal but for sixteen.</summary>
    private static void AssertTiles(int[] ids, int[] order, IEnumerable<int[]> tiles, int tileRoutes, int spareRoutes)
    {
        var begin = 0;
        foreach (var expert in tiles.GroupBy(static tile => tile[0]))
        {
            var routes = ids.Count(id => id == expert.Key);
            var ends = expert.Select(static tile => tile[2]).ToArray();
            var sizes = expert.Select(static tile => tile[2] - tile[1]).ToArray();
            Assert.Equal(ends.Prepend(begin).SkipLast(1), expert.Select(static tile => tile[1]));
            Assert.Equal(begin + routes, ends[^1]);
            Assert.All(order[begin..ends[^1]], slot => Assert.Equal(expert.Key, ids[slot]));
            Assert.Equal(Enumerable.Range(0, sizes.Length).Select(i => (sizes.Length << 16) | i), expert.Select(static tile => tile[3]));
            Assert.All(sizes, size => Assert.InRange(size, 1, tileRoutes + spareRoutes));
            Assert.True(sizes.Length == 1 || routes > ((sizes.Length - 1) * tileRoutes) + spareRoutes);
            Assert.InRange(sizes.Max() - sizes[..^1].DefaultIfEmpty(sizes.Max()).Min(), 0, 16);
            begin = ends[^1];
        }

        Assert.Equal(ids.Length, begin);
    }

    private static long Address(Tensor tensor) => Native.Aten.DataPointer(tensor);
}
