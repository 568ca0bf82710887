namespace Moesaic.Tests.Moe;

public sealed class EagerExpertsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void Eager_EqualsTheReference(int tokens)
    {
        using var experts = ExpertsCase.Create<SwiGlu>(new(tokens), static (g, u) => g / (1 + Math.Exp(-g)) * u);
        using var result = experts.Run(ExpertsBackend.Eager);

        Close.Assert(experts.Reference(), ExpertsCase.Matrix(result), 1e-5);
    }
}
