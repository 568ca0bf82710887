using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

/// <summary>Every backend equals the loops over doubles, on the same experts and routes. T tokens, D hidden, F expert width, E experts, K top-k.</summary>
public abstract class ExpertsParityTests
{
    // Six roundings lie on the way of a number (gate, up, silu, product, output, result), each of at most half an ulp: 2^-9 of it in
    // bfloat16, 2^-12 in float16. Relative to the largest result; over the sums they average out.
    private const double Bfloat16Tolerance = 6.0 / 512;
    private const double Float16Tolerance = 6.0 / 4096;
    private const double Float32Tolerance = 1e-5;

    private protected abstract ExpertsBackend Backend { get; }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(128)]
    [InlineData(129)]
    public void AnyNumberOfTokens_EqualsTheReference(int tokens) => AssertParity(new(tokens));

    [Fact]
    public void AllTokensToOneExpert_EqualsTheReference() => AssertParity(new(33, TopK: 1) { Only = 5 });

    [Fact]
    public void AllTokensToTheLastExpert_EqualsTheReference() => AssertParity(new(33, TopK: 1) { Only = 7 });

    [Fact]
    public void ExpertWithNoToken_EqualsTheReference() => AssertParity(new(65) { Never = 0 });

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(60)]
    public void ExpertsNotAPowerOfTwo_EqualsTheReference(int experts) => AssertParity(new(17, Experts: experts));

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void OneExpertOrAll_EqualsTheReference(int topK) => AssertParity(new(19, TopK: topK));

    [Theory]
    [InlineData(20, 12)]
    [InlineData(36, 4)]
    [InlineData(24, 40)]
    [InlineData(13, 7)]
    [InlineData(32, 11)]
    [InlineData(9, 16)]
    [InlineData(1, 1)]
    public void RaggedSizes_EqualTheReference(int hidden, int width)
    {
        AssertParity(new(21, hidden, width));
        AssertParity(new(21, hidden, width) { Bias = true });
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void Bias_EqualsTheReference(ScalarType dtype) => AssertParity(new(31) { Bias = true }, dtype);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WithoutAGate_EqualsTheReference(bool bias)
    {
        using var experts = ExpertsCase.Create<DoubledSquare>(new(31) { Bias = bias }, static (gate, _) => 2 * gate * gate);
        AssertParity(experts, Float32Tolerance);
    }

    [Theory]
    [InlineData(ScalarType.BFloat16, 32, 16)]
    [InlineData(ScalarType.BFloat16, 20, 12)]
    [InlineData(ScalarType.Float16, 32, 16)]
    [InlineData(ScalarType.Float16, 13, 7)]
    public void HalfPrecision_EqualsTheReferenceWithinItsRounding(ScalarType dtype, int hidden, int width)
    {
        foreach (var tokens in new[] { 0, 1, 7, 129 })
        {
            AssertParity(new(tokens, hidden, width), dtype);
        }
    }

    [Fact]
    public void RandomShapes_EqualTheReference()
    {
        var random = new Random(20);
        for (var i = 0; i < 40; i++)
        {
            var experts = random.Next(1, 20);
            AssertParity(new(random.Next(0, 40), random.Next(1, 50), random.Next(1, 50), experts, random.Next(1, experts + 1)) { Bias = random.Next(2) == 0 });
        }
    }

    [Fact]
    public void StridedInputs_GiveTheSame()
    {
        using var experts = ExpertsCase.Swiglu(new(16));
        using var expected = experts.Run(Backend);
        using var wide = cat([experts.X, experts.X], 1);
        using var x = wide.narrow(1, 0, 32);
        using var idColumns = experts.Ids.t().contiguous();
        using var ids = idColumns.t();
        using var weightColumns = experts.Weights.t().contiguous();
        using var weights = weightColumns.t();

        using var result = experts.Experts.Forward(x, ids, weights);

        Assert.True(result.Equals(expected));
    }

    [Fact]
    public void ATokensResult_DoesNotDependOnItsBatch()
    {
        using var experts = ExpertsCase.Swiglu(new(64));
        using var together = experts.Run(Backend);
        for (var t = 0; t < 64; t += 9)
        {
            using var x = experts.X.narrow(0, t, 1);
            using var ids = experts.Ids.narrow(0, t, 1);
            using var weights = experts.Weights.narrow(0, t, 1);
            using var alone = experts.Experts.Forward(x, ids, weights);
            using var row = together.narrow(0, t, 1);
            // The matrix product picks its order of sums by the number of rows: equal up to that.
            Close.Assert(ExpertsCase.Matrix(row), ExpertsCase.Matrix(alone), 1e-6);
        }
    }

    [Fact]
    public void OrderOfTokens_OnlyOrdersTheResult()
    {
        using var experts = ExpertsCase.Swiglu(new(64));
        using var expected = experts.Run(Backend);
        using var order = tensor(Enumerable.Range(0, 64).Select(t => (long)(t * 37 % 64)).ToArray());
        using var x = experts.X.index_select(0, order);
        using var ids = experts.Ids.index_select(0, order);
        using var weights = experts.Weights.index_select(0, order);

        using var result = experts.Experts.Forward(x, ids, weights);

        using var sorted = empty_like(result).index_copy_(0, order, result);
        Close.Assert(ExpertsCase.Matrix(expected), ExpertsCase.Matrix(sorted), 1e-6);
    }

    [Fact]
    public void TheSameCall_GivesTheSameBits()
    {
        using var experts = ExpertsCase.Swiglu(new(129) { Bias = true });
        using var first = experts.Run(Backend);
        for (var i = 0; i < 5; i++)
        {
            using var again = experts.Run(Backend);
            Assert.True(first.Equals(again));
        }
    }

    [Fact]
    public void Arguments_StayAsTheyAre()
    {
        using var experts = ExpertsCase.Swiglu(new(16));
        using var x = experts.X.clone();
        using var weights = experts.Weights.clone();
        using var w13 = experts.Experts.W13.clone();

        experts.Run(Backend).Dispose();

        Assert.True(x.Equals(experts.X));
        Assert.True(weights.Equals(experts.Weights));
        Assert.True(w13.Equals(experts.Experts.W13));
    }

    private void AssertParity(ExpertsShape shape, ScalarType dtype = ScalarType.Float32)
    {
        using var experts = ExpertsCase.Swiglu(shape, dtype);
        AssertParity(experts, dtype switch
        {
            ScalarType.Float32 => Float32Tolerance,
            ScalarType.Float16 => Float16Tolerance,
            _ => Bfloat16Tolerance,
        });
    }

    private void AssertParity(ExpertsCase experts, double tolerance)
    {
        using var result = experts.Run(Backend);
        Assert.Equal(experts.X.dtype, result.dtype);
        Assert.Equal(experts.X.shape, result.shape);
        Close.Assert(experts.Reference(), ExpertsCase.Matrix(result), tolerance);
    }
}
