using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests.Diagnostics;

public sealed class StrayAnnotationTests
{
    [Theory]
    [InlineData("[{|MOE0022:ExpertWeights(Gate = \"w1\")|}, {|MOE0022:SharedExperts|}, {|MOE0022:RouterWeights|}] public class C;")]
    [InlineData("public class C { [{|MOE0022:CheckpointName(\"a\")|}] public int A { get; set; } }")]
    [InlineData("[Module] public abstract partial class C : ExplicitModule { public Linear A { get; } = new(1, 1); [{|MOE0022:CheckpointName(\"b\")|}] public Linear B => A; }")]
    [InlineData("[Module] public abstract partial class C : ExplicitModule { [CheckpointName(\"b\")] public Linear A { get; } = new(1, 1); }")]
    [InlineData("[ModelConfig] public partial record C { [{|MOE0022:ConfigKey(\"b\")|}] public int A => 1; }")]
    [InlineData("[ModelConfig] public partial record C { [{|MOE0022:ConfigKey|}] public int A { get; init; } [{|MOE0022:ConfigKey(\"\")|}] public int B { get; init; } }")]
    [InlineData("[{|MOE0022:MoeModel(\"\")|}] public abstract partial class {|MOE0002,MOE0019:C|};")]
    [InlineData("public abstract record B { [ConfigKey(\"b\")] public int A { get; init; } } [ModelConfig] public partial record C : B;")]
    public Task Moe0022_StrayAnnotation(string source) => Analysis.Finds(Sources.Usings + source);
}
