using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

/// <summary>Routes of known models, computed by hand from their formulas: logits L, selection bias B, eight experts.</summary>
public sealed class RoutingGoldenTests
{
    private static readonly float[] L = [0.1f, 2.0f, -1.0f, 0.7f, 1.5f, -0.3f, 0.0f, 1.9f];
    private static readonly float[] Negative = [-2, -2, -2, -2, -2, -2, -.6f, -.6f];
    private static readonly float[] B = [0, -.9f, .3f, .2f, -.1f, .6f, 0, -.2f];

    [Fact]
    public void Mixtral() => Check(new SoftmaxTopKRouter(2, true), L, null, [1, 7], [.524979, .475021]);

    [Fact]
    public void Olmoe() => Check(new SoftmaxTopKRouter(2, false), L, null, [1, 7], [.310670, .281106]);

    [Fact]
    public void GraniteAndGptOss() => Check(new TopKSoftmaxRouter(2), L, null, [1, 7], [.524979, .475021]);

    [Fact]
    public void DeepseekV2() =>
        Check(new GroupLimitedSoftmaxRouter(3, 4, 2, 16), L, null, [1, 7, 0], [4.970720, 4.497693, .743464]);

    [Fact]
    public void DeepseekV3() =>
        Check(new GroupLimitedSigmoidRouter(3, 4, 2, true, 2.5), L, B, [5, 3, 4], [.556628, .873987, 1.069385]);

    [Fact]
    public void MinimaxM2() => Check(new SigmoidTopKRouter(2, true, 1), L, B, [5, 3], [.389083, .610917]);

    [Fact]
    public void Ernie() => Check(new ErnieRouter(2), L, B, [5, 2], [.668188, .331812]);

    [Fact]
    public void Llama4() => Check(new TopKSigmoidRouter(1), L, null, [1], [.880797]);

    [Fact]
    public void Phimoe_TwoStandOut() => Check(new SparsemixerRouter(2, 0.01), L, null, [1, 7], [1, 1]);

    [Fact]
    public void Phimoe_TheThirdIsNearTheSecondOnly() =>
        // Not 1.96, which lies at 2ε from 2: on one side of it in float64, on the other in float32.
        Check(new SparsemixerRouter(2, 0.01), [2.0f, 1.97f, 1.9599f, 1.0f], null, [0, 1], [.507499, .502525]);

    [Fact]
    public void Phimoe_DistancesOfNegativeScoresAreRelativeToTheirSize() =>
        Check(new SparsemixerRouter(2, 0.01), [-1, -1.015f, -3, -3], null, [0, 1], [.503750, 1]);

    [Fact]
    public void Lfm2() => Check(new Lfm2Router(4), L, B, [5, 3, 4, 7], [.153012, .240251, .293963, .312774]);

    [Fact]
    public void KimiK2() => Check(new SigmoidTopKRouter(3, true, 2.827), L, B, [5, 3, 4], [.629435, .988305, 1.209260]);

    [Fact]
    public void KimiK2_AsOneGroup() =>
        Check(new GroupLimitedSigmoidRouter(3, 1, 1, true, 2.827), L, B, [5, 3, 4], [.629435, .988305, 1.209260]);

    [Fact]
    public void Longcat() => Check(new LongcatRouter(3, 6), L, B, [5, 2, 3], [.186884, .092804, .508005]);

    [Fact]
    public void SqrtSoftplus() => Check(new SqrtSoftplusRouter(3), L, B, [5, 3, 7], [.231015, .325890, .443095]);

    [Fact]
    public void Grok() => Check(new SoftcappedSoftmaxRouter(2, 30, true), L, null, [1, 7], [.524874, .475126]);

    [Fact]
    public void DroppedGroups_StayDroppedBesideNegativeScores() =>
        Check(new GroupLimitedSigmoidRouter(2, 4, 1, true, 2.5), L, Negative, [7, 6], [1.587519, .912481]);

    /// <summary>A mask of 0 chooses expert 0, whose group is dropped, before expert 6 with its −0.1.</summary>
    [Fact]
    public void DroppedGroups_MaskedBy0_WinAgainstNegativeScores() =>
        Check(new ZeroMaskedRouter(2, 4, 1, 2.5), L, Negative, [7, 0], [1.559090, .940910]);

    private static void Check<TRouter>(TRouter router, float[] logits, float[]? bias, int[] ids, double[] weights)
        where TRouter : struct, IRouter
    {
        using var row = tensor(logits);
        using var one = row.unsqueeze(0);
        using var selectionBias = bias is null ? null : tensor(bias);
        using var routes = router.Route(one, selectionBias);

        Assert.Equal(ScalarType.Int32, routes.TopKIds.dtype);
        Assert.Equal(ScalarType.Float32, routes.TopKWeights.dtype);
        Assert.Equal([1, ids.Length], routes.TopKIds.shape);
        Assert.Equal(ids, routes.TopKIds.data<int>().ToArray());
        Assert.All(
            routes.TopKWeights.data<float>().ToArray().Zip(weights),
            pair => Assert.InRange(pair.First, pair.Second - 2e-6, pair.Second + 2e-6));
    }
}
