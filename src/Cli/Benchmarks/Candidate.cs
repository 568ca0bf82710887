using static TorchSharp.torch;

namespace Moesaic.Cli.Benchmarks;

/// <summary>One way to run the layer.</summary>
/// <param name="Name">As reports call it.</param>
/// <param name="Run">[T, D] in the layer's dtype.</param>
internal sealed record Candidate(string Name, Func<RoutedTokens, Tensor> Run)
{
    internal const string Naive = "naive";

    // What bfloat16 operands cost, and what the order of sums does in float32; a NaN fails every comparison.
    private const double Bfloat16Tolerance = 1e-2;
    private const double Float32Tolerance = 1e-5;

    /// <summary>The names that can be asked for.</summary>
    internal static IReadOnlyList<string> Names { get; } = [Naive, "eager", "grouped", "fused"];

    /// <summary>A backend of this library; null where it cannot run the layer, and then <paramref name="reason"/> says why.</summary>
    internal static Candidate? Backend(FusedExperts experts, ExpertsBackend backend, out string reason)
    {
        experts.Backend = backend;
        reason = experts.Choice.Reason;
        return experts.Choice.Backend != backend ? null : new(backend.ToString().ToLowerInvariant(), tokens =>
        {
            experts.Backend = backend;
            return experts.Forward(tokens.HiddenStates, tokens.TopKIds, tokens.TopKWeights);
        });
    }

    /// <summary>The relative error on fresh tokens, where memory that was just freed holds no numbers.</summary>
    /// <exception cref="BenchmarkException">It is larger than the dtype explains, or two runs differ.</exception>
    internal double Check(Layer layer, int tokens)
    {
        using var scope = NewDisposeScope();
        using var drawn = layer.Draw(tokens);
        full(drawn.HiddenStates.shape, double.NaN, dtype: layer.Dtype, device: layer.Device).Dispose(); // Likely the result's memory.
        using var result = Run(drawn);
        using var again = Run(drawn);
        using var expected = layer.Reference(drawn);
        var error = Error(Name, tokens, layer.Dtype, expected, result);
        return Name == Naive || result.equal(again).all().item<bool>() ? error : throw new BenchmarkException($"{Name}, {tokens} tokens: two runs differ");
    }

    /// <summary>The relative error of a result.</summary>
    /// <exception cref="BenchmarkException">It is larger than the dtype explains.</exception>
    internal static double Error(string name, int tokens, ScalarType dtype, Tensor expected, Tensor result)
    {
        using var scope = NewDisposeScope();
        var error = ((result.to(expected.dtype) - expected).norm() / expected.norm()).to(float64).item<double>();
        var tolerance = dtype == ScalarType.Float32 ? Float32Tolerance : Bfloat16Tolerance;
        return error <= tolerance ? error : throw new BenchmarkException($"{name}, {tokens} tokens: relative error {error:G3}, expected at most {tolerance:G3}");
    }
}
