using System.Runtime.InteropServices;
using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Tests.Native;

/// <summary>Operators called through libtorch's dispatcher, against the same written out with TorchSharp.</summary>
public sealed class AtenTests
{
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void GroupedMm_IsOneProductPerGroup(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var rows = Values(10, 16).to(dtype);
        var weights = Values(3, 24, 16).to(dtype);
        var result = Aten.GroupedMm(rows, weights.transpose(1, 2), tensor(new[] { 4, 4, 10 }, ScalarType.Int32));

        var expected = cat([nn.functional.linear(rows[..4], weights[0]), nn.functional.linear(rows[4..], weights[2])]);
        Assert.True(expected.allclose(result, 1e-5));
    }

    [Fact]
    public void GroupedMm_RefusesWhatLibtorchWouldRefuseLoudly()
    {
        using var scope = NewDisposeScope();
        var ends = tensor(new[] { 4, 10 }, ScalarType.Int32);
        var weights = Values(2, 24, 16).transpose(1, 2);
        Assert.Throws<ArgumentException>(() => Aten.GroupedMm(Values(10, 12), weights, ends));
        Assert.Throws<ArgumentException>(() => Aten.GroupedMm(Values(10, 13), Values(2, 24, 13).transpose(1, 2), ends));
        Assert.Throws<ArgumentException>(() => Aten.GroupedMm(Values(10, 16), weights, ends.to(ScalarType.Int64)));
        Assert.Throws<ArgumentException>(() => Aten.GroupedMm(Values(10, 16), weights, ends[..1]));
        Assert.Throws<ArgumentException>(() => Aten.GroupedMm(Values(10, 16).bfloat16(), weights, ends));
    }

    [Theory]
    [InlineData(8, 8, null)]
    [InlineData(8, 2, null)]
    [InlineData(8, 2, 0.25)]
    public void ScaledDotProductAttention_TakesScaleMaskAndGroups(int heads, int groups, double? scale)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (Values(1, heads, 5, 16), Values(1, groups, 7, 16), Values(1, groups, 7, 12));
        var seen = ones(5, 7, ScalarType.Bool).tril(2);
        var result = Aten.ScaledDotProductAttention(q, k, v, seen, scale: scale);

        var (wideK, wideV) = (k.repeat_interleave(heads / groups, 1), v.repeat_interleave(heads / groups, 1));
        var logits = q.matmul(wideK.transpose(2, 3)) * (scale ?? 0.25);
        var expected = logits.masked_fill(seen.logical_not(), float.NegativeInfinity).softmax(-1).matmul(wideV);
        Assert.True(expected.allclose(result, 1e-4, 1e-6));
    }

    [Fact]
    public void ScaledDotProductAttention_CanBeCausal()
    {
        using var scope = NewDisposeScope();
        var x = Values(2, 4, 6, 8);
        var masked = Aten.ScaledDotProductAttention(x, x, x, ones(6, 6, ScalarType.Bool).tril());
        Assert.True(masked.allclose(Aten.ScaledDotProductAttention(x, x, x, isCausal: true), 1e-4, 1e-6));
    }

    [Fact]
    public void ScaledDotProductAttention_RefusesWhatDoesNotFit()
    {
        using var scope = NewDisposeScope();
        var (q, k) = (Values(1, 8, 5, 16), Values(1, 3, 7, 16));
        Assert.Throws<ArgumentException>(() => Aten.ScaledDotProductAttention(q, k, k));
        Assert.Throws<ArgumentException>(() => Aten.ScaledDotProductAttention(q, q.bfloat16(), q));
        Assert.Throws<ArgumentException>(() => Aten.ScaledDotProductAttention(q, q, q, ones(5, 5, ScalarType.Bool), isCausal: true));
    }

    [Fact]
    public void RmsNorm_DividesByTheRootMeanSquare()
    {
        using var scope = NewDisposeScope();
        var (x, weight) = (Values(3, 4, 8), Values(8));
        var expected = x * rsqrt(x.square().mean([-1], keepdim: true) + 1e-6) * weight;
        Assert.True(expected.allclose(Aten.RmsNorm(x, weight, 1e-6), 1e-5));
        Assert.Throws<ArgumentException>(() => Aten.RmsNorm(x, Values(7), 1e-6));
    }

    [Fact]
    public void View_ReadsTheSameBytesAsAnotherDtype()
    {
        using var scope = NewDisposeScope();
        var bytes = tensor(new byte[] { 0, 0, 128, 63, 0, 0, 0, 64 });
        Assert.Equal([1f, 2f], Aten.View(bytes, ScalarType.Float32).data<float>().ToArray());
        Assert.Equal([1f, 2f], Aten.View(bytes, ScalarType.BFloat16).to(ScalarType.Float32).data<float>().ToArray().Where(x => x != 0));
        Assert.Throws<ArgumentException>(() => Aten.View(bytes[..6], ScalarType.Float32));
    }

    [Fact]
    public void DataPointer_IsWhereTheNumbersLie()
    {
        using var numbers = arange(1, 4, ScalarType.Float32);
        using var last = numbers.narrow(0, 2, 1);
        using var nowhere = empty(3, device: META);

        var read = new float[1];
        Marshal.Copy(Aten.DataPointer(last), read, 0, 1);
        Assert.Equal(3f, read[0]);
        Assert.True(Aten.IsAligned(numbers));
        Assert.False(Aten.IsAligned(last));
        Assert.Equal(0, Aten.DataPointer(nowhere));
    }

    private static Tensor Values(params long[] shape)
    {
        var random = new Random(shape.Length);
        // Copied: what TorchSharp makes of an array lies where the array does, at multiples of 8 bytes.
        return tensor(Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(_ => (random.NextSingle() * 4) - 2).ToArray()).reshape(shape).clone();
    }
}
