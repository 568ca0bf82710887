using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests;

/// <summary>A block that forgets its reduction, or does it twice, is an error of the compiler.</summary>
public sealed class PartialTests
{
    [Theory]
    [InlineData("Tensor y = experts.ForwardPartial(x, ids, weights);", "CS0029")] // A share is no tensor.
    [InlineData("var y = experts.ForwardPartial(x, ids, weights) + x;", "CS0019")] // Something whole is not added to a share: it would count once a rank.
    [InlineData("var y = experts.ForwardPartial(x, ids, weights).Reduce().Reduce();", "CS1061")] // Nothing is reduced twice.
    [InlineData("var y = new Reduced(x);", "CS1729")] // Nor called reduced that is not.
    [InlineData("Tensor y = (experts.ForwardPartial(x, ids, weights) + shared.ForwardPartial(x)).Reduce().Value;", null)]
    public void Compiler_HoldsTheOneReduction(string statement, string? error)
    {
        var source = $$"""
            {{Sources.Usings}}
            public static class Sample
            {
                public static void Run(FusedExperts experts, GatedMlp shared, Tensor x, Tensor ids, Tensor weights)
                {
                    {{statement}}
                }
            }
            """;

        var found = TestCompilation.Of(source).GetDiagnostics().Where(diagnostic => diagnostic.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error);

        Assert.Equal(error is null ? [] : [error], found.Select(diagnostic => diagnostic.Id));
    }
}
