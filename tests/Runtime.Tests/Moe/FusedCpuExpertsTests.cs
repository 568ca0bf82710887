using System.Runtime.InteropServices;
using Moesaic.Kernels.Cpu;
using Moesaic.Native;
using Moesaic.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

public sealed class FusedCpuExpertsTests : ExpertsParityTests
{
    private const double OrderOfSums = 1e-5;

    private protected override ExpertsBackend Backend => ExpertsBackend.Fused;

    /// <summary>Vector width, from how many rows on libtorch multiplies, and dtype.</summary>
    public static TheoryData<int, int, ScalarType> Ways()
    {
        var ways = new TheoryData<int, int, ScalarType>();
        foreach (var bits in new[] { 256, 512 }.Where(bits => bits <= VectorKernel.VectorBits))
        {
            foreach (var rows in new[] { 1, 6, Crossover.Never })
            {
                ways.Add(bits, rows, ScalarType.Float32);
                ways.Add(bits, rows, ScalarType.BFloat16);
            }
        }

        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void EveryWay_EqualsEagerOnRaggedRoutings(int bits, int rows, ScalarType dtype)
    {
        // Rounding of gate, up, product and output to bfloat16, which eager does and the streamed way does not.
        var tolerance = dtype == ScalarType.Float32 ? OrderOfSums : 6.0 / 512;
        foreach (var (hidden, width, bias) in new[] { (64, 96, true), (72, 33, false), (19, 40, true) })
        {
            using var experts = ExpertsCase.Swiglu(new(1, hidden, width, Experts: 5) { Bias = bias }, dtype);
            foreach (var routing in RaggedRouting.For(experts: 5, topK: 2).Where(routing => routing.Tokens > 0))
            {
                using var scope = NewDisposeScope();
                var call = Call(experts, Normal(routing.Tokens, hidden).to(dtype), routing.Ids(2), routing.Weights(2));
                Close.Assert(ExpertsCase.Matrix(new EagerExperts().Run(call)), ExpertsCase.Matrix(Kernel(rows, bits).Run(call)), tolerance);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void WithoutAGate_EveryWayEqualsEager(int bits, int rows, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var experts = ExpertsCase.Create<DoubledSquare>(new(24, Experts: 3) { Bias = true }, static (gate, _) => 2 * gate * gate, dtype: dtype);
        var call = Call(experts, experts.X, experts.Ids, experts.Weights);
        Close.Assert(
            ExpertsCase.Matrix(new EagerExperts().Run(call)), ExpertsCase.Matrix(Kernel(rows, bits).Run(call)), dtype == ScalarType.Float32 ? OrderOfSums : 6.0 / 512);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void StreamedRows_HaveTheSameBitsInAnyBatch(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var experts = ExpertsCase.Swiglu(new(37, Hidden: 80, Width: 48, Experts: 4), dtype);
        var together = Run(experts, experts.X, experts.Ids, experts.Weights);
        for (var t = 0; t < 37; t += 5)
        {
            var alone = Run(experts, experts.X.narrow(0, t, 1), experts.Ids.narrow(0, t, 1), experts.Weights.narrow(0, t, 1));
            Assert.True(alone.Equals(together.narrow(0, t, 1)));
        }

        static Tensor Run(ExpertsCase experts, Tensor x, Tensor ids, Tensor weights) =>
            Kernel(Crossover.Never, VectorKernel.VectorBits).Run(Call(experts, x, ids, weights));
    }

    [Fact]
    public void WeightsAtAnOddAddress_GiveTheSameBits()
    {
        using var scope = NewDisposeScope();
        using var experts = ExpertsCase.Swiglu(new(7, Hidden: 48, Width: 40), ScalarType.BFloat16);
        var call = Call(experts, experts.X, experts.Ids, experts.Weights);
        var expected = Kernel(Crossover.Never, VectorKernel.VectorBits).Run(call);
        var bytes = call.Experts.W13.bytes.ToArray();
        var memory = new byte[bytes.Length + 1];
        bytes.CopyTo(memory, 1);
        using var pinned = new PinnedGCHandle<byte[]>(memory);
        var odd = BlobTensor.Over(Marshal.UnsafeAddrOfPinnedArrayElement(memory, 1), call.Experts.W13.shape, ScalarType.BFloat16);

        var result = Kernel(Crossover.Never, VectorKernel.VectorBits).Run(call with { Experts = call.Experts with { W13 = odd } });

        Assert.True(result.Equals(expected));
    }

    [Fact]
    public void WeightsThatAreATransposedView_GiveTheSame()
    {
        using var scope = NewDisposeScope();
        using var experts = ExpertsCase.Swiglu(new(7, Hidden: 48, Width: 40));
        var call = Call(experts, experts.X, experts.Ids, experts.Weights);
        var view = call.Experts.W13.transpose(1, 2).contiguous().transpose(1, 2);
        var kernel = Kernel(Crossover.Never, VectorKernel.VectorBits);
        Assert.True(kernel.Run(call with { Experts = call.Experts with { W13 = view } }).Equals(kernel.Run(call)));
    }

    [Fact]
    public void WhereGradientsAreWanted_ThereAreSome()
    {
        using var scope = NewDisposeScope();
        using var experts = ExpertsCase.Swiglu(new(3));
        var x = experts.X.detach().requires_grad_(true);
        var call = Call(experts, x, experts.Ids, experts.Weights);
        Kernel(Crossover.Never, VectorKernel.VectorBits).Run(call).sum().backward();
        Assert.True(x.grad!.abs().sum().item<float>() > 0);
    }

    [Theory]
    [InlineData(0, ScalarType.BFloat16, "this processor has no vectors of 256 bits with multiply-add")]
    [InlineData(512, ScalarType.Float16, "it takes no Float16")]
    [InlineData(256, ScalarType.Float32, null)]
    public void WhatItCannotRun_IsRefusedWithTheReason(int bits, ScalarType dtype, string? reason)
    {
        var facts = new BackendFacts(DeviceType.CPU, dtype, 8, 32, 16, "SwiGlu", Gated: true, Bias: false, Aligned: true, Quantized: false) { VectorBits = bits };
        Assert.Equal(reason, Kernel(1, 512).Refusal(facts));
        if (bits == 0)
        {
            Assert.Equal($"grouped, one matrix product for all experts; fused cannot: {reason}", KnownKernels.Choose(ExpertsBackend.Fused, facts).Reason);
        }
    }

    private static FusedCpuExperts Kernel(int rows, int bits) => new(_ => rows, bits);

    private static Tensor Normal(long tokens, long width)
    {
        using var generator = new Generator(29, CPU);
        return randn([tokens, width], dtype: float32, generator: generator);
    }

    private static ExpertsCall Call(ExpertsCase experts, Tensor x, Tensor ids, Tensor weights) => new(
        x, ids, weights,
        new(experts.Experts.W13, experts.Experts.W2, experts.Experts.W13Bias, experts.Experts.W2Bias, KnownActivations.Find(experts.Experts.ActivationName)!));
}
