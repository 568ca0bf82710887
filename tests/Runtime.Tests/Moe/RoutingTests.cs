using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

/// <summary>What holds for every router. T tokens, E experts, K top-k.</summary>
public sealed class RoutingTests
{
    private const int Experts = 12;

    public static TheoryData<string> Routers => [.. All.Keys];

    internal static Dictionary<string, (IRouter Router, int TopK, bool Biased)> All { get; } = new()
    {
        ["softmax"] = (new SoftmaxTopKRouter(3, false), 3, true),
        ["softmax, renormalized"] = (new SoftmaxTopKRouter(3, true), 3, true),
        ["top-k softmax"] = (new TopKSoftmaxRouter(3), 3, true),
        ["top-k sigmoid"] = (new TopKSigmoidRouter(1), 1, true),
        ["sigmoid"] = (new SigmoidTopKRouter(3, true, 2.5), 3, true),
        ["group-limited sigmoid"] = (new GroupLimitedSigmoidRouter(3, 4, 2, true, 2.5), 3, true),
        ["group-limited softmax"] = (new GroupLimitedSoftmaxRouter(3, 4, 2, 16), 3, true),
        ["sparsemixer"] = (new SparsemixerRouter(2, 0.01), 2, false),
        ["softcapped softmax"] = (new SoftcappedSoftmaxRouter(3, 30, true), 3, true),
    };

    [Theory]
    [MemberData(nameof(Routers))]
    public void NoTokens_GiveNoRoutes(string name)
    {
        using var logits = empty(0, Experts);
        using var routes = All[name].Router.Route(logits, null);

        Assert.Equal([0, All[name].TopK], routes.TopKIds.shape);
        Assert.Equal([0, All[name].TopK], routes.TopKWeights.shape);
    }

    [Theory]
    [MemberData(nameof(Routers))]
    public void EqualLogits_ChooseTheLowestIds(string name)
    {
        foreach (var tokens in new[] { 1, 5, 200 })
        {
            using var logits = zeros(tokens, Experts);
            using var routes = All[name].Router.Route(logits, null);

            var expected = Enumerable.Range(0, tokens).SelectMany(_ => Enumerable.Range(0, All[name].TopK));
            Assert.Equal(expected, routes.TopKIds.data<int>().ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Routers))]
    public void Bfloat16Logits_RouteAsTheirFloat32Values(string name)
    {
        using var logits = Logits(40).bfloat16();
        using var wide = logits.to(float32);
        using var routes = All[name].Router.Route(logits, null);
        using var expected = All[name].Router.Route(wide, null);

        Assert.True(expected.TopKIds.Equals(routes.TopKIds));
        Assert.True(expected.TopKWeights.Equals(routes.TopKWeights));
    }

    [Theory]
    [MemberData(nameof(Routers))]
    public void Logits_StayAsTheyAre(string name)
    {
        using var logits = Logits(8);
        using var copy = logits.clone();
        using var bias = zeros(Experts);
        All[name].Router.Route(logits, All[name].Biased ? bias : null).Dispose();

        Assert.True(copy.Equals(logits));
    }

    [Theory]
    [MemberData(nameof(Routers))]
    public void ATokensRoutes_DoNotDependOnItsBatch(string name)
    {
        using var logits = Logits(50);
        using var together = All[name].Router.Route(logits, null);
        for (var t = 0; t < 50; t += 7)
        {
            using var one = logits.narrow(0, t, 1);
            using var alone = All[name].Router.Route(one, null);
            using var ids = together.TopKIds.narrow(0, t, 1);
            using var weights = together.TopKWeights.narrow(0, t, 1);
            Assert.True(ids.Equals(alone.TopKIds));
            // libtorch's exp rounds differently in full vectors and in what is left over.
            Assert.True(weights.allclose(alone.TopKWeights, 1e-6));
        }
    }

    [Fact]
    public void ABiasEqualForAll_ChangesNothing()
    {
        using var logits = Logits(64);
        using var bias = full([Experts], 0.25f);
        foreach (var (router, _, biased) in All.Values.Where(router => router.Biased))
        {
            using var expected = router.Route(logits, null);
            using var routes = router.Route(logits, bias);
            Assert.True(expected.TopKIds.Equals(routes.TopKIds));
            Assert.True(expected.TopKWeights.Equals(routes.TopKWeights));
        }
    }

    [Fact]
    public void ABias_MovesTheChoiceAndNotTheWeight()
    {
        using var logits = Logits(64);
        using var bias = zeros(1, Experts);
        bias[0, 4] = tensor(100f);
        using var routes = new SigmoidTopKRouter(1, false, 1).Route(logits, bias);
        using var scores = RoutingMath.Sigmoid(logits);

        Assert.All(routes.TopKIds.data<int>().ToArray(), id => Assert.Equal(4, id));
        using var weights = routes.TopKWeights.flatten();
        using var expected = scores[.., 4];
        Assert.True(expected.Equals(weights));
    }

    [Fact]
    public void TopKSoftmax_EqualsSoftmaxTopKRenormalized()
    {
        using var logits = Logits(64);
        using var early = new SoftmaxTopKRouter(3, true).Route(logits, null);
        using var late = new TopKSoftmaxRouter(3).Route(logits, null);

        Assert.True(early.TopKIds.Equals(late.TopKIds));
        Assert.True(early.TopKWeights.allclose(late.TopKWeights, 1e-6));
    }

    [Fact]
    public void OneGroup_EqualsNone()
    {
        using var logits = Logits(64);
        using var bias = Logits(1);
        using var grouped = new GroupLimitedSigmoidRouter(3, 1, 1, true, 2.5).Route(logits, bias);
        using var plain = new SigmoidTopKRouter(3, true, 2.5).Route(logits, bias);

        Assert.True(plain.TopKIds.Equals(grouped.TopKIds));
        Assert.True(plain.TopKWeights.Equals(grouped.TopKWeights));
    }

    [Fact]
    public void EqualGroups_KeepTheFirst()
    {
        using var logits = zeros(3, Experts);
        using var routes = new GroupLimitedSigmoidRouter(3, 4, 1, true, 1).Route(logits, null);

        Assert.Equal([0, 1, 2, 0, 1, 2, 0, 1, 2], routes.TopKIds.data<int>().ToArray());
    }

    [Fact]
    public void SparsemixerOfZeros_DropsNobody()
    {
        using var logits = zeros(1, 4);
        using var routes = new SparsemixerRouter(2, 0.01).Route(logits, null);

        // 0 / 0 is not far: four compete, then the three that are left.
        Assert.Equal([0.25f, 1f / 3], routes.TopKWeights.data<float>().ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Experts + 1)]
    public void ImpossibleTopK_IsRefused(int topK)
    {
        using var logits = Logits(2);
        var error = Assert.Throws<ArgumentException>(() => new SoftmaxTopKRouter(topK, true).Route(logits, null));
        Assert.Equal($"topK is {topK}: expected 1 to 12, the number of experts", error.Message);
    }

    [Theory]
    [InlineData(5, 2)]
    [InlineData(4, 5)]
    [InlineData(4, 0)]
    [InlineData(12, 3)]
    [InlineData(0, 0)]
    public void ImpossibleGroups_AreRefused(int groups, int kept)
    {
        using var logits = Logits(2);
        Assert.Throws<ArgumentException>(() => new GroupLimitedSigmoidRouter(2, groups, kept, true, 1).Route(logits, null));
    }

    internal static Tensor Logits(int tokens)
    {
        var random = new Random(tokens);
        using var flat = tensor(Enumerable.Range(0, tokens * Experts).Select(_ => (random.NextSingle() * 6) - 3).ToArray());
        return flat.reshape(tokens, Experts);
    }
}
