namespace Moesaic.Cli.Benchmarks;

/// <summary>The sizes of a layer of routed experts.</summary>
internal sealed record LayerShape(int HiddenSize, int IntermediateSize, int NumExperts, int TopK)
{
    /// <summary>Published models, by name.</summary>
    internal static IReadOnlyDictionary<string, LayerShape> Presets { get; } = new Dictionary<string, LayerShape>
    {
        ["mixtral-8x7b"] = new(4096, 14336, 8, 2),
        ["qwen3-30b-a3b"] = new(2048, 768, 128, 8),
        ["gpt-oss-20b"] = new(2880, 2880, 32, 4),
        ["olmoe-1b-7b"] = new(2048, 1024, 64, 8),
        ["deepseek-v3"] = new(7168, 2048, 256, 8),
    };

    /// <summary>Weights of one expert: gate, up and down.</summary>
    internal long WeightsPerExpert => 3L * HiddenSize * IntermediateSize;

    /// <summary>Reads <c>D,F,E,K</c>.</summary>
    /// <exception cref="BenchmarkException">It is something else.</exception>
    internal static LayerShape Parse(string text)
    {
        var sizes = Numbers.Parse(text, "--shape", "four positive numbers D,F,E,K, such as 2048,1024,64,8");
        return sizes is [var d, var f, var e, var k] && k <= e
            ? new(d, f, e, k)
            : throw new BenchmarkException($"--shape {text}: expected four positive numbers D,F,E,K with K at most E, such as 2048,1024,64,8");
    }

    public override string ToString() => $"{HiddenSize},{IntermediateSize},{NumExperts},{TopK}";
}
