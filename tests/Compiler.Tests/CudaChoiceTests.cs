using System.Runtime.InteropServices;
using Moesaic.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Kernels.Tests;

/// <summary>Which experts run fused on a GPU, and on which kernels: decided from numbers, so no GPU is needed to see it.</summary>
public sealed class CudaChoiceTests
{
    private static readonly GpuFacts Hopper = new(9, 0, null);
    private static readonly GpuFacts Ampere = new(8, 6, null);

    [Theory]
    [InlineData(4096, 14336, true)]
    [InlineData(2880, 2880, true)]
    [InlineData(32, 32, true)]
    [InlineData(32, 32, false)]
    public void SizesOfMultiplesOf32_RunOnEveryGpu(int hidden, int width, bool gated)
    {
        Assert.Null(Refusal(Facts(hidden, width, gated) with { Gpu = Ampere }));
        Assert.Null(Refusal(Facts(hidden, width, gated) with { Gpu = Hopper }));
    }

    [Theory]
    [InlineData(264, 136, true)]
    [InlineData(256, 264, false)]
    public void SizesOfMultiplesOf8_RunOnHopper(int hidden, int width, bool gated)
    {
        Assert.Null(Refusal(Facts(hidden, width, gated) with { Gpu = Hopper }));
        Assert.Contains("tiles are for Hopper alone", Refusal(Facts(hidden, width, gated) with { Gpu = Ampere }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(32, 24, true)]
    [InlineData(16, 32, false)]
    [InlineData(260, 130, true)]
    public void OtherSizes_AreRefusedWithTheirNumbers(int hidden, int width, bool gated) =>
        Assert.Contains($"got {hidden} and {width}", Refusal(Facts(hidden, width, gated) with { Gpu = Hopper }), StringComparison.Ordinal);

    [Fact]
    public void WhatItCannot_IsSaid()
    {
        var facts = Facts(256, 256, true) with { Gpu = Hopper };
        Assert.Contains("no GPU here", Refusal(facts with { Gpu = null }), StringComparison.Ordinal);
        Assert.Contains("capability 8.0 or newer, this one has 7.5", Refusal(facts with { Gpu = new(7, 5, null) }), StringComparison.Ordinal);
        Assert.Equal("no PTX for X", Refusal(facts with { Gpu = Hopper with { Obstacle = "no PTX for X" } }));
        Assert.Contains("not Float32", Refusal(facts with { Dtype = ScalarType.Float32 }), StringComparison.Ordinal);
        Assert.Contains("in a way that is not known", Refusal(facts with { Quantized = true }), StringComparison.Ordinal);
        Assert.Equal("the weights stay quantized, and w13: X", Refusal(Quantized(QuantizedFormat.Fp8) with { QuantizedObstacle = "w13: X" }));
        Assert.Contains(
            "it takes BFloat16, where weights stay quantized, not Float16", Refusal(Quantized(QuantizedFormat.Mxfp4) with { Dtype = ScalarType.Float16 }), StringComparison.Ordinal);
        Assert.Contains("16 bytes", Refusal(facts with { Aligned = false }), StringComparison.Ordinal);
        Assert.Contains("1024 experts", Refusal(facts with { NumExperts = 2000 }), StringComparison.Ordinal);
    }

    /// <summary>One token's second projection, on the 132 multiprocessors of an H200.</summary>
    [Theory]
    [InlineData(2880, 16, 11)]
    [InlineData(5120, 16, 13)]
    [InlineData(2048, 16, 16)]
    [InlineData(4096, 16, 16)]
    [InlineData(2880, 32, 22)]
    [InlineData(160, 16, 8)]
    public void BlocksOfOneToken_GiveMultiprocessorsAlike(int hidden, int most, int columns)
    {
        Assert.Equal(columns, StreamedExperts.Balanced(hidden, most, multiprocessors: 132));
        var (blocks, rounds) = ((hidden + columns - 1) / columns, (hidden + (132 * most) - 1) / (132 * most));
        Assert.InRange(blocks, 1, 132 * rounds);
    }

    [Fact]
    public void Choice_FallsBackWithTheReason()
    {
        var choice = KnownKernels.Choose(ExpertsBackend.Fused, Facts(256, 256, true) with { Dtype = ScalarType.Float32, Gpu = Hopper });
        Assert.Equal(ExpertsBackend.Grouped, choice.Backend);
        Assert.Contains("fused cannot: on a GPU it takes BFloat16 or Float16, not Float32", choice.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9, 1, true)]
    [InlineData(9, 24, true)]
    [InlineData(9, 64, false)]
    [InlineData(8, 64, true)]
    [InlineData(8, 8192, true)]
    public void FewRoutesAnExpert_AreStreamed(int major, int tokens, bool streamed) =>
        Assert.Equal(streamed, CudaPlans.For((major, 0), new(2048, 768, 64, 8), isGated: true, tokens) is StreamPlan);

    [Fact]
    public void Float16_AndQuantizedWeights_RunFused()
    {
        Assert.Null(Refusal(Facts(256, 256, true) with { Dtype = ScalarType.Float16, Gpu = Ampere }));
        Assert.Null(Refusal(Quantized(QuantizedFormat.Fp8)));
        Assert.Null(Refusal(Quantized(QuantizedFormat.Mxfp4) with { Gpu = Ampere }));
    }

    [Theory]
    [InlineData(256, 24)]
    [InlineData(264, 136)]
    public void QuantizedWeights_OfOtherSizesThanMultiplesOf32_AreRefused(int hidden, int width) =>
        Assert.Contains("tiles take multiples of 32", Refusal(Quantized(QuantizedFormat.Mxfp4) with { HiddenSize = hidden, IntermediateSize = width }), StringComparison.Ordinal);

    [Theory]
    [InlineData(nameof(WeightFormat.E4M3), 9, 1, true)]
    [InlineData(nameof(WeightFormat.E4M3), 9, 64, true)]
    [InlineData(nameof(WeightFormat.E4M3), 9, 1024, false)]
    [InlineData(nameof(WeightFormat.E2M1), 9, 1, true)]
    [InlineData(nameof(WeightFormat.E2M1), 9, 1024, false)]
    [InlineData(nameof(WeightFormat.E2M1), 8, 8192, true)]
    public void Codes_OfMoreRoutesAnExpert_AreTiled(string format, int major, int tokens, bool streamed) =>
        Assert.Equal(streamed, CudaPlans.For((major, 0), new(2048, 768, 64, 8), isGated: true, tokens, Enum.Parse<WeightFormat>(format)) is StreamPlan);

    /// <summary>Where either may be faster, both are measured.</summary>
    [Theory]
    [InlineData(nameof(WeightFormat.BFloat16), 24)]
    [InlineData(nameof(WeightFormat.E4M3), 256)]
    [InlineData(nameof(WeightFormat.E2M1), 256)]
    public void NearPlans_AreOfBothKinds(string format, int tokens)
    {
        var near = CudaPlans.Near((9, 0), new(2048, 768, 64, 8), isGated: true, tokens, Enum.Parse<WeightFormat>(format));
        Assert.Contains(near, static plan => plan is StreamPlan);
        Assert.Contains(near, static plan => plan is TiledPlan);
    }

    [Fact]
    public void Codes_OfExpertsTooNarrowForTiles_AreStreamed() => Assert.All(
        CudaPlans.Near((9, 0), new(2048, 96, 64, 8), isGated: true, 1024, WeightFormat.E2M1).Append(CudaPlans.For((9, 0), new(2048, 96, 64, 8), isGated: true, 8192, WeightFormat.E2M1)),
        static plan => Assert.IsType<StreamPlan>(plan));

    [Fact]
    public void Float16_IsTiledAsBfloat16Is() => Assert.Equal(
        Assert.IsType<TiledPlan>(CudaPlans.For((9, 0), new(2048, 768, 64, 8), isGated: true, 1024)) with { Format = WeightFormat.Float16 },
        CudaPlans.For((9, 0), new(2048, 768, 64, 8), isGated: true, 1024, WeightFormat.Float16));

    [Theory]
    [InlineData(1024, false)]
    [InlineData(8192, true)]
    public void ManyRoutesAnExpert_ArePaired(int tokens, bool paired) =>
        Assert.Equal(paired, Assert.IsType<TiledPlan>(CudaPlans.For((9, 0), new(2048, 768, 128, 8), isGated: true, tokens)).InPairs);

    [Fact]
    public void SizesForTilesAlone_AreTiled() => Assert.IsType<TiledPlan>(CudaPlans.For((9, 0), new(264, 136, 8, 2), isGated: true, tokens: 1));

    /// <summary>The tiles that were fastest for each, which all a tuner tries.</summary>
    [Theory]
    [InlineData(2048, 768, 8, nameof(StreamTiles.Narrow))]
    [InlineData(2048, 1024, 8, nameof(StreamTiles.Middle))]
    [InlineData(2880, 2880, 4, nameof(StreamTiles.Wide))]
    [InlineData(4096, 14336, 2, nameof(StreamTiles.Wide))]
    public void TilesOfOneToken_FollowTheSizes(int hidden, int width, int topK, string tiles)
    {
        var all = StreamTiles.Of(WeightFormat.BFloat16);
        var expected = tiles == nameof(StreamTiles.Wide) ? all.Wide : tiles == nameof(StreamTiles.Narrow) ? all.Narrow : all.Middle;
        var sizes = new ExpertSizes(hidden, width, 64, topK);
        Assert.Equal(StreamPlan.OfToken(expected, WeightFormat.BFloat16), CudaPlans.For((9, 0), sizes, isGated: true, tokens: 1));
        Assert.Equal(3, CudaPlans.Near((9, 0), sizes, isGated: true, tokens: 1, WeightFormat.BFloat16).Count);
    }

    [Fact]
    public void EveryPlan_TakesKernelsThatAFileOfPtxHolds()
    {
        var needed = NeededKernels.OfAll().Concat(NeededKernels.Of(typeof(SwiGlu))).ToHashSet();
        foreach (var major in new[] { 8, 9 })
        {
            foreach (var (tokens, format) in Enumerable.Range(0, 16).SelectMany(static power => Enum.GetValues<WeightFormat>(), static (power, format) => (1 << power, format)))
            {
                var plan = CudaPlans.For((major, 0), new(2048, 768, 64, 8), isGated: true, tokens, format);
                Assert.All(plan.ProductsOf(typeof(SwiGlu), KernelTarget.Of((major, 0))), name => Assert.Contains(name, needed));
            }
        }
    }

    [Fact]
    public void NumbersOfAnActivation_AreItsBytes()
    {
        var activation = DeviceActivation.Of(new ClampedSwiGlu(7))!;
        var values = activation.Values;
        Assert.Equal(7.0, MemoryMarshal.Read<double>(values));
        Assert.True(activation.IsGated);
        Assert.Null(DeviceActivation.Of(new NamedActivation("gelu")));
    }

    private static string? Refusal(in BackendFacts facts) => new FusedCudaExperts().Refusal(facts);

    private static BackendFacts Quantized(QuantizedFormat format) => Facts(256, 256, true) with { Quantized = true, QuantizedFormat = format, Gpu = Hopper };

    private static BackendFacts Facts(int hidden, int width, bool gated) =>
        new(DeviceType.CUDA, ScalarType.BFloat16, 8, hidden, width, "X", gated, Bias: false, Aligned: true, Quantized: false);

    private readonly struct NamedActivation(string name) : IExpertActivation
    {
        public string Name => name;

        public float Apply(float gate, float up) => gate * up;

        public Tensor Apply(Tensor gate, Tensor up) => gate * up;
    }
}
