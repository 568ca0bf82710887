using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests;

public sealed class ModuleGeneratorTests
{
    [Fact]
    public Task ChildrenAndParameters_AreRegisteredInDeclarationOrder()
    {
        var run = GeneratorRun.Of(Sources.Usings + """
            namespace Sample;

            [Module]
            public sealed partial class Everything(int size, bool tied) : ExplicitModule
            {
                public RmsNorm Norm { get; } = new(size, 1e-5);

                [CheckpointName("mlp.up")]
                public Linear UpProj { get; } = new(size, size);

                public Linear? LmHead { get; } = tied ? null : new(size, size);
                public ModuleList<Linear> Projections { get; } = new(3, _ => new(size, size));
                public Parameter Scale { get; private set; } = NewParameter(size);

                [CheckpointName("sinks")]
                public Parameter? SinkLogits { get; private set; } = tied ? null : NewParameter(size);

                public ExplicitModule @class { get; } = new Linear(size, size);

                public int Size { get; } = size;
                public Linear Shown => UpProj;
                public static Linear? Shared { get; set; }

                public override Tensor forward(Tensor x) => Norm.forward(x);
            }
            """);
        return Snapshot.Match(run, "Sample.Everything.g.cs");
    }

    [Fact]
    public void NestedGenericTypeInTheGlobalNamespace_IsDeclaredAgain()
    {
        var text = GeneratorRun.Of(Sources.Usings + """
            public static partial class Outer<TKey> where TKey : class
            {
                internal partial record struct Middle<T>
                {
                    [Module]
                    internal abstract partial class @event<TItem>(TItem item) : ExplicitModule
                        where TItem : ExplicitModule
                    {
                        public TItem Item { get; } = item;
                    }
                }
            }
            """).File("Outer`1+Middle`1+event`1.g.cs");
        Assert.Contains("partial class Outer<TKey>", text, StringComparison.Ordinal);
        Assert.Contains("    partial record struct Middle<T>", text, StringComparison.Ordinal);
        Assert.Contains("        partial class @event<TItem>", text, StringComparison.Ordinal);
        Assert.Contains("Register(\"item\", Item);", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ModuleWithoutChildren_RegistersNone() => Assert.Empty(Registered(GeneratorRun.Of(Sources.Usings + """
        [Module]
        public abstract partial class Empty : ExplicitModule;
        """).File()));

    [Fact]
    public void DerivedModule_RegistersThoseOfItsBaseFirst()
    {
        var run = GeneratorRun.Of(Sources.Usings + """
            [Module]
            public partial class Lower : ExplicitModule
            {
                public Linear First { get; } = new(1, 1);
                public override Tensor forward(Tensor x) => x;
            }

            public class Between : Lower;

            [Module]
            public sealed partial class Upper : Between
            {
                public Linear Second { get; } = new(1, 1);
            }
            """);
        Assert.Equal(["Register(\"first\", First);"], Registered(run.File("Lower.g.cs")));
        Assert.Equal(["base.RegisterChildren();", "Register(\"second\", Second);"], Registered(run.File("Upper.g.cs")));
    }

    [Fact]
    public void HandWrittenBase_KeepsItsOwnRegistration() => Assert.Equal(
        ["base.RegisterChildren();", "Register(\"second\", Second);"],
        Registered(GeneratorRun.Of(Sources.Usings + """
            public abstract class ByHand : ExplicitModule
            {
                public Linear First { get; } = new(1, 1);
                protected override void RegisterChildren() => Register("first", First);
            }

            [Module]
            public abstract partial class Upper : ByHand
            {
                public Linear Second { get; } = new(1, 1);
            }
            """).File()));

    [Fact]
    public void LayerThatDerivesFromALayer_HidesItsCreate()
    {
        var run = GeneratorRun.Of(Sources.Usings + """
            public sealed record Config;

            [Module]
            public partial class Lower(Config config, int layerIndex) : DecoderLayer
            {
                public int Index => layerIndex + config.GetHashCode();
                public override Tensor forward(Tensor x, AttentionContext context) => x;
            }

            [Module]
            public sealed partial class Upper(Config config, int layerIndex) : Lower(config, layerIndex);
            """);
        Assert.Contains("public static Lower Create(global::Config config, int layerIndex)", run.File("Lower.g.cs"), StringComparison.Ordinal);
        Assert.Contains("public static new Upper Create(global::Config config, int layerIndex)", run.File("Upper.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void LayerThatMakesItself_IsLeftToIt()
    {
        var text = GeneratorRun.Of(Sources.Usings + """
            public sealed record Config;

            [Module]
            public sealed partial class Layer : DecoderLayer, IDecoderLayer<Config, Layer>
            {
                public static Layer Create(Config config, int layerIndex) => new();
                public override Tensor forward(Tensor x, AttentionContext context) => x;
            }
            """).File();
        Assert.DoesNotContain("Create", text, StringComparison.Ordinal);
    }

    [Fact]
    public void OneNameInTwoNamespaces_IsTwoFiles()
    {
        var run = GeneratorRun.Of(Sources.Usings + """
            namespace A
            {
                [Module]
                public abstract partial class Same : ExplicitModule;
            }

            namespace B.@namespace
            {
                [Module]
                public abstract partial class Same : ExplicitModule;
            }
            """);
        Assert.Equal(["A.Same.g.cs", "B.namespace.Same.g.cs"], run.Files.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void TypesOfTheAuthorWithOurNames_DoNotCollide() => GeneratorRun.Of(Sources.Usings + """
        namespace Sample.Moesaic
        {
            public sealed class IDecoderLayer;
            public sealed record Config;
        }

        namespace Sample
        {
            [global::Moesaic.Module]
            public sealed partial class Layer(Moesaic.Config config, int layerIndex) : DecoderLayer
            {
                public Linear Linear { get; } = new(layerIndex, config.GetHashCode());
                public override Tensor forward(Tensor x, AttentionContext context) => Linear.forward(x);
            }
        }
        """);

    [Fact]
    public void AttributeOnTwoParts_ThrowsNothing()
    {
        var compilation = TestCompilation.Of(Sources.Usings + """
            [Module] public abstract partial class Twice : ExplicitModule;
            [Module] public abstract partial class Twice : ExplicitModule;
            """);
        var result = TestCompilation.Driver().RunGenerators(compilation).GetRunResult();
        Assert.Empty(result.Diagnostics);
        Assert.Empty(result.GeneratedTrees);
    }

    private static IEnumerable<string> Registered(string text) => text.Split('\n')
        .Select(static line => line.Trim())
        .Where(static line => line.StartsWith("Register(", StringComparison.Ordinal) || line.StartsWith("base.", StringComparison.Ordinal));
}
