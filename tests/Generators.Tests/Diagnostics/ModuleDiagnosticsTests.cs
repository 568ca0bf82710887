using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests.Diagnostics;

public sealed class ModuleDiagnosticsTests
{
    [Theory]
    [InlineData("[Module] public abstract class {|MOE0001:M|} : ExplicitModule;")]
    [InlineData("public class Outer { [Module] public abstract partial class {|MOE0001:M|} : ExplicitModule; }")]
    [InlineData("[Module] file abstract partial class {|MOE0001:M|} : ExplicitModule;")]
    [InlineData("[Module] public abstract partial class M : ExplicitModule;")]
    [InlineData("public abstract class M : ExplicitModule;")]
    public Task Moe0001_NotPartial(string source) => Analysis.Finds(Sources.Usings + source);

    [Theory]
    [InlineData("[Module] public partial class {|MOE0002:M|};")]
    [InlineData("[Module] public partial class {|MOE0002:M|} : nn.Module { public M() : base(\"M\") { } }")]
    [InlineData("[Module] public abstract partial class M : SequenceModule;")]
    public Task Moe0002_WrongBase(string source) => Analysis.Finds(Sources.Usings + source);

    [Theory]
    [InlineData("public Linear A { get; } = new(1, 1); [CheckpointName(\"a\")] public Linear {|MOE0004:B|} { get; } = new(1, 1);")]
    [InlineData("public Linear HttpAb { get; } = new(1, 1); [CheckpointName(\"b\")] public Linear {|MOE0004:HTTPAb|} { get; } = new(1, 1);")]
    [InlineData("public Linear A { get; } = new(1, 1); public Linear B { get; } = new(1, 1);")]
    public Task Moe0004_SameCheckpointName(string body) => Analysis.Finds(Module(body));

    [Theory]
    [InlineData("public Linear {|MOE0005:A|} { get; set; } = new(1, 1);")]
    [InlineData("public Linear {|MOE0005:A|} { get; init; } = new(1, 1);")]
    [InlineData("public Linear? {|MOE0005:A|} { get; }")]
    [InlineData("private readonly Linear {|MOE0005:_a|} = new(1, 1);")]
    [InlineData("public Parameter {|MOE0005:A|} { get; } = NewParameter(1);")]
    [InlineData("public Parameter {|MOE0005:A|} { get; set; } = NewParameter(1);")]
    [InlineData("public Parameter? {|MOE0005:A|} { get; private set; }")]
    [InlineData("public Linear A { get; } = new(1, 1); public Parameter B { get; private set; } = NewParameter(1);")]
    [InlineData("public Linear A { get; } = new(1, 1); public Linear B => A; public static Linear? C { get; set; }")]
    [InlineData("public static Linear {|MOE0005:A|} { get; } = new(1, 1);")]
    [InlineData("private static readonly Linear {|MOE0005:A|} = new(1, 1);")]
    public Task Moe0005_NotGetOnly(string body) => Analysis.Finds(Module(body));

    [Theory]
    [InlineData("public Linear[] {|MOE0006:A|} { get; } = [];")]
    [InlineData("public List<RmsNorm> {|MOE0006:A|} { get; } = [];")]
    [InlineData("public IReadOnlyList<Parameter> {|MOE0006:A|} { get; } = [];")]
    [InlineData("private readonly List<nn.Module> {|MOE0006:_a|} = [];")]
    [InlineData("public Dictionary<string, Linear> {|MOE0006:A|} { get; } = [];")]
    [InlineData("public (Linear Q, Linear K) {|MOE0006:A|} { get; } = (new(1, 1), new(1, 1));")]
    [InlineData("public Lazy<Linear> {|MOE0006:A|} { get; } = new(() => new(1, 1));")]
    [InlineData("public IReadOnlyList<Linear[]> {|MOE0006:A|} { get; } = [];")]
    [InlineData("private readonly Dictionary<string, int> _a = []; private readonly Func<Linear> _b = () => new(1, 1);")]
    [InlineData("private readonly OfItself? _a = null; public class OfItself : List<OfItself>;")]
    [InlineData("public ModuleList<Linear> A { get; } = new(2, _ => new(1, 1)); public int[] B { get; } = [];")]
    public Task Moe0006_ListOfModules(string body) => Analysis.Finds(Module(body));

    [Theory]
    [InlineData("public sealed partial class {|MOE0010:L|} : DecoderLayer")]
    [InlineData("public sealed partial class {|MOE0010:L|}(string config) : DecoderLayer")]
    [InlineData("public sealed partial class {|MOE0010:L|}(string config, long layerIndex) : DecoderLayer")]
    [InlineData("public abstract partial class L : DecoderLayer")]
    [InlineData("public sealed partial class L(string config, int layerIndex) : DecoderLayer")]
    public Task Moe0010_MissingLayerConstructor(string head) => Analysis.Finds(
        Sources.Usings + "[Module]" + head + "{ public override Tensor forward(Tensor x, AttentionContext context) => x; }");

    [Fact]
    public Task Moe0010_RequiredMember() => Analysis.Finds(Sources.Usings + """
        [Module]
        public sealed partial class {|MOE0010:L|}(string config, int layerIndex) : DecoderLayer
        {
            public required int A { get; init; }
            public override Tensor forward(Tensor x, AttentionContext context) => x;
        }
        """);

    [Theory]
    [InlineData("public Tensor {|MOE0011:A|} { get; } = zeros(1);")]
    [InlineData("public Tensor A => zeros(1);")]
    [InlineData("private readonly Tensor _cache = zeros(1);")]
    public Task Moe0011_LooseTensor(string body) => Analysis.Finds(Module(body));

    [Fact]
    public Task Moe0011_CanBeSilencedWhereItStands() => Analysis.Finds(Module("""

        #pragma warning disable MOE0011 // A constant of the architecture.
            public Tensor A { get; } = zeros(1);
        #pragma warning restore MOE0011
        """));

    [Theory]
    [InlineData("public TorchSharp.Modules.Linear {|MOE0014:A|} { get; } = nn.Linear(1, 1);")]
    [InlineData("public nn.Module<Tensor, Tensor> {|MOE0014:A|} { get; } = new RmsNorm(1, 1);")]
    [InlineData("public ExplicitModule A { get; } = new RmsNorm(1, 1);")]
    public Task Moe0014_ForeignModule(string body) => Analysis.Finds(Module(body));

    [Theory]
    [InlineData("public abstract class {|MOE0016:B|} : ExplicitModule { public Linear A { get; } = new(1, 1); }")]
    [InlineData("public abstract class {|MOE0016:B|} : ExplicitModule { public Parameter A { get; private set; } = NewParameter(1); }")]
    [InlineData("public abstract class {|MOE0016:B|} : DecoderLayer { public Linear A { get; } = new(1, 1); }")]
    [InlineData("[Module] public abstract partial class B : ExplicitModule { public Linear A { get; } = new(1, 1); }")]
    [InlineData("public abstract class B : ExplicitModule { protected B() => Register(\"a\", A); public Linear A { get; } = new(1, 1); }")]
    [InlineData("public abstract class B : ExplicitModule { public Linear A { get; } = new(1, 1); protected override void RegisterChildren() => Register(\"a\", A); }")]
    [InlineData("public abstract class B : ExplicitModule { public Linear A => new(1, 1); }")]
    public Task Moe0016_UnregisteredChild(string basis) => Analysis.Finds(Sources.Usings + basis + """
        [Module]
        public abstract partial class M : B;
        """);

    [Theory]
    [InlineData("protected override void {|MOE0017:RegisterChildren|}() { }")]
    [InlineData("protected void Registers() { }")]
    public Task Moe0017_WritesRegisterChildren(string body) => Analysis.Finds(Module(body));

    [Fact]
    public Task Moe0017_TwoAttributes() => Analysis.Finds(Sources.Config, Sources.Usings + """
        namespace Sample;

        [Module]
        [MoeBlock<SoftmaxTopKRouter, SwiGlu>]
        public sealed partial class {|MOE0017,MOE0017:Block|}(SmallConfig config) : MoeBlock(config);
        """);

    private static string Module(string body) => Sources.Usings + $$"""
        [Module]
        public partial class M : ExplicitModule
        {
            {{body}}
            public override Tensor forward(Tensor x) => x;
        }
        """;
}
