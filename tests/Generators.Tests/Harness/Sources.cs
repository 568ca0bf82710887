namespace Moesaic.Generators.Tests.Harness;

/// <summary>Pieces of sources that many tests share.</summary>
internal static class Sources
{
    /// <summary>Usings of a model's file.</summary>
    public const string Usings = """
        using Moesaic;
        using static TorchSharp.torch;
        using Parameter = TorchSharp.Modules.Parameter;

        """;

    /// <summary>A config with what a block reads, and little else.</summary>
    public const string Config = """
        namespace Sample
        {
            public sealed record SmallConfig : Moesaic.IMoeConfig, Moesaic.ISharedExpertsConfig
            {
                public int HiddenSize { get; init; }
                public int NumExperts { get; init; }
                public int TopK { get; init; }
                public int MoeIntermediateSize { get; init; }
                public int SharedExpertsIntermediateSize { get; init; }
                public bool NormTopkProb { get; init; }
                public double SwigluLimit { get; init; }
                public double RoutedScalingFactor { get; init; } = 1;
            }
        }
        """;

    /// <summary>The shipped Mixtral.</summary>
    public static string Mixtral => File.ReadAllText(Path.Combine(TestData.Root, "src", "Models", "Mixtral", "Mixtral.cs"));

    /// <summary>A block with the attributes and the body given.</summary>
    public static string Block(string attributes, string body = ";") => $"""
        {Usings}
        namespace Sample;

        {attributes}
        public sealed partial class Block(SmallConfig config) : MoeBlock(config){body}
        """;
}
