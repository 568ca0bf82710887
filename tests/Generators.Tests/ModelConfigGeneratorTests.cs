using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests;

public sealed class ModelConfigGeneratorTests
{
    [Fact]
    public Task EveryTypeThatIsRead()
    {
        var run = GeneratorRun.Of(Sources.Usings + """
            namespace Sample;

            [ModelConfig]
            [ConfigSupports("hidden_act", "silu", "swish")]
            [ConfigSupports("mlp_bias", false)]
            [ConfigSupports("moe_layer_freq", 1)]
            public sealed partial record Everything
            {
                public required int VocabSize { get; init; }
                public required long NumTokens { get; init; }
                public required float Limit { get; init; }
                public required IReadOnlyList<string> LayerTypes { get; init; }
                public required Vision Vision { get; init; }

                [ConfigKey("num_local_experts", "num_experts")]
                public required int NumExperts { get; init; }

                public RopeParameters RopeParameters { get; init; } = new();
                public double RmsNormEps { get; set; } = 1e-5;
                public float SwigluLimit { get; init; } = 7;
                public float? Alpha { get; init; }
                public int? HeadDim { get; init; }
                public bool? Flag { get; init; }
                public string? HiddenAct { get; init; }
                public IReadOnlyList<int> Groups { get; init; } = [];
                public IReadOnlyList<double>? Factors { get; init; }
                public IReadOnlyList<bool> Dense { get; init; } = [];

                [ConfigKey("text_config", "text")]
                public Vision? Text { get; init; }

                [ConfigKey("other_rope")]
                public RopeParameters? OtherRope { get; init; }

                public int @class { get; init; }
                public int Doubled => VocabSize * 2;
                public int Fixed { get; } = 3;
                public static int Count { get; set; }
            }

            [ModelConfig]
            public sealed partial record Vision
            {
                public required int Width { get; init; }
            }
            """);
        return Snapshot.Match(run, "Sample.Everything.g.cs");
    }

    [Fact]
    public void DerivedRecord_ReadsThePropertiesOfItsBaseFirst()
    {
        var text = GeneratorRun.Of("""
            using Moesaic;

            [ModelConfig]
            public partial record Lower
            {
                public required int A { get; init; }
                public virtual int B { get; init; } = 1;
            }

            [ModelConfig]
            public sealed partial record Upper : Lower
            {
                public required int C { get; init; }
                public override int B { get; init; } = 2;
            }
            """).File("Upper.g.cs");
        Assert.Contains("public static new Upper Read(", text, StringComparison.Ordinal);
        Assert.True(text.IndexOf("A = ", StringComparison.Ordinal) < text.IndexOf("C = ", StringComparison.Ordinal));
        Assert.Equal(text.IndexOf("B = ", StringComparison.Ordinal), text.LastIndexOf("B = ", StringComparison.Ordinal));
    }

    [Fact]
    public void RecordWithoutRequiredProperties_IsRead() => GeneratorRun.Of("""
        [Moesaic.ModelConfig]
        internal partial record Loose
        {
            public int A { get; init; }
        }

        [Moesaic.ModelConfig]
        internal partial record Empty;
        """);

    [Fact]
    public void Values_ComeFromTheirKeys_AndOthersKeepTheirInitializer()
    {
        var config = RuntimeAssembly.Read("Sample.Small", """
            namespace Sample;

            [Moesaic.ModelConfig]
            public sealed partial record Small
            {
                [Moesaic.ConfigKey("num_local_experts", "num_experts")] public required int NumExperts { get; init; }
                public required float Limit { get; init; }
                public double RmsNormEps { get; init; } = 1e-5;
                public int? HeadDim { get; init; } = 4;
                public System.Collections.Generic.IReadOnlyList<string> LayerTypes { get; init; } = ["a"];
                public Part? First { get; init; }
                public Part? Second { get; init; }
            }

            [Moesaic.ModelConfig]
            public sealed partial record Part
            {
                public required int Width { get; init; }
            }
            """, """{ "num_experts": 8, "limit": 7.5, "head_dim": null, "layer_types": ["x", "y"], "second": { "width": 3 } }""");
        Assert.Equal(8, (int)config.NumExperts);
        Assert.Equal(7.5f, (float)config.Limit);
        Assert.Equal(1e-5, (double)config.RmsNormEps);
        Assert.Equal(4, (int?)config.HeadDim);
        Assert.Equal(["x", "y"], (IReadOnlyList<string>)config.LayerTypes);
        Assert.Null((object?)config.First);
        Assert.Equal(3, (int)config.Second.Width);
    }
}
