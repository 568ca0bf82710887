using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests.Diagnostics;

public sealed class ModelConfigDiagnosticsTests
{
    [Theory]
    [InlineData("public partial class {|MOE0002:C|};")]
    [InlineData("public abstract partial record {|MOE0002:C|};")]
    [InlineData("public partial record {|MOE0002:C|}(int A);")]
    [InlineData("public record {|MOE0001:C|};")]
    [InlineData("public partial record C;")]
    public Task Moe0002_WrongBase(string source) => Analysis.Finds("[Moesaic.ModelConfig] " + source);

    [Theory]
    [InlineData("public int A { get; init; } [ConfigKey(\"a\")] public int {|MOE0007:B|} { get; init; }")]
    [InlineData("[ConfigKey(\"x\", \"y\")] public int A { get; init; } [ConfigKey(\"y\", \"z\")] public int {|MOE0007:B|} { get; init; }")]
    [InlineData("[ConfigKey(\"x\", \"a\")] public int A { get; init; } [ConfigKey(\"b\")] public int B { get; init; }")]
    [InlineData("public RopeParameters A { get; init; } = new(); public RopeParameters B { get; init; } = new();")]
    public Task Moe0007_SameConfigKey(string body) => Analysis.Finds(Record(body));

    [Theory]
    [InlineData("public decimal {|MOE0013:A|} { get; init; }")]
    [InlineData("public int[] {|MOE0013:A|} { get; init; } = [];")]
    [InlineData("public IReadOnlyList<float> {|MOE0013:A|} { get; init; } = [];")]
    [InlineData("public Dictionary<string, int> {|MOE0013:A|} { get; init; } = [];")]
    [InlineData("public DayOfWeek {|MOE0013:A|} { get; init; }")]
    [InlineData("public IReadOnlyList<int>? A { get; init; } public float? B { get; init; } public RopeParameters? C { get; init; }")]
    [InlineData("public decimal A => 1; public int[] B { get; } = [];")]
    public Task Moe0013_UnsupportedConfigType(string body) => Analysis.Finds(Record(body));

    [Theory]
    [InlineData("public static C {|MOE0037:Read|}(Moesaic.Configs.ConfigReader reader) => new();")]
    [InlineData("public int {|MOE0037:Read|} => 1;")]
    [InlineData("public static C Read(string file, int line) => new();")]
    public Task Moe0037_GeneratedName(string body) => Analysis.Finds(Record(body));

    [Theory]
    [InlineData("public int {|MOE0041:A|} { get; }")]
    [InlineData("public int {|MOE0041:A|};")]
    [InlineData("public int A { get; } = 1; public int B => 2; public int D { get { return 3; } } public const int E = 4; private readonly int _f = 5; public static int G; public int H => field + _f;")]
    public Task Moe0041_UnfilledConfigMember(string body) => Analysis.Finds(Record(body));

    private static string Record(string body) => $$"""
        using Moesaic;

        [ModelConfig]
        public sealed partial record C
        {
            {{body}}
        }
        """;
}
