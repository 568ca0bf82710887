using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

public sealed class GroupedExpertsTests : ExpertsParityTests
{
    private protected override ExpertsBackend Backend => ExpertsBackend.Grouped;

    [Theory]
    [InlineData(ScalarType.Float32, 20, 12, true)]
    [InlineData(ScalarType.Float32, 32, 11, false)]
    [InlineData(ScalarType.Float32, 9, 16, false)]
    [InlineData(ScalarType.BFloat16, 32, 16, true)]
    [InlineData(ScalarType.BFloat16, 20, 16, false)]
    [InlineData(ScalarType.BFloat16, 32, 12, false)]
    [InlineData(ScalarType.Float16, 40, 8, true)]
    [InlineData(ScalarType.Float64, 32, 16, false)]
    public void ShapesThatLibtorchRefuses_RunOtherwise(ScalarType dtype, int hidden, int width, bool grouped)
    {
        using var experts = ExpertsCase.Swiglu(new(5, hidden, width), dtype);
        experts.Run(ExpertsBackend.Grouped).Dispose();

        Assert.Equal(grouped, experts.Experts.Choice.Backend == ExpertsBackend.Grouped);
    }

    [Fact]
    public void WeightsMappedAtAnOddAddress_RunOtherwise()
    {
        using var experts = ExpertsCase.Swiglu(new(5));
        var w13 = experts.Experts.Parameters[0];
        using var buffer = zeros(w13.Value.NumberOfElements + 1);
        using var shifted = buffer.narrow(0, 1, w13.Value.NumberOfElements).view(w13.Value.shape);
        shifted.copy_(w13.Value);
        using var expected = experts.Run(ExpertsBackend.Grouped);

        experts.Experts.Replace(w13, shifted.alias());
        using var result = experts.Run(ExpertsBackend.Grouped);

        Assert.EndsWith("; grouped cannot: the weights do not begin at a multiple of 16 bytes", experts.Experts.BackendReason, StringComparison.Ordinal);
        Close.Assert(ExpertsCase.Matrix(expected), ExpertsCase.Matrix(result), 1e-6);
    }

    [Theory]
    [InlineData(ScalarType.BFloat16, 1.0 / 128)]
    [InlineData(ScalarType.Float32, 1e-6)]
    public void Grouped_EqualsEager(ScalarType dtype, double tolerance)
    {
        using var experts = ExpertsCase.Swiglu(new(129, Hidden: 64, Width: 48, TopK: 4), dtype);
        using var eager = experts.Run(ExpertsBackend.Eager);
        using var grouped = experts.Run(ExpertsBackend.Grouped);

        Close.Assert(ExpertsCase.Matrix(eager), ExpertsCase.Matrix(grouped), tolerance);
    }
}
