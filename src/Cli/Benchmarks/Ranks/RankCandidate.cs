using static TorchSharp.torch;

namespace Moesaic.Cli.Benchmarks;

/// <summary>One thing that ranks do together to tokens.</summary>
/// <param name="Run">[T, D] in the layer's dtype.</param>
/// <param name="Expected">[T, D], by this rank alone.</param>
internal sealed record RankCandidate(string Name, Func<RoutedTokens, Tensor> Run, Func<RoutedTokens, Tensor> Expected)
{
    /// <summary>Tokens to their experts' ranks and back, with no experts there.</summary>
    internal const string Exchange = "exchange";

    /// <summary>The names that can be asked for.</summary>
    internal static IReadOnlyList<string> Names { get; } = [Exchange, "eager", "grouped", "fused"];

    /// <summary>The exchange, or a backend; null where it cannot run the layer, and then <paramref name="reason"/> says why.</summary>
    internal static RankCandidate? Of(string name, RankLayer layer, out string reason)
    {
        if (name == Exchange)
        {
            reason = "";
            return new(name, tokens => Travel(layer, tokens), static tokens => tokens.HiddenStates * tokens.TopKWeights.sum(1, keepdim: true));
        }

        var candidate = Candidate.Backend(layer.Experts, Enum.Parse<ExpertsBackend>(name, ignoreCase: true), out reason);
        return candidate is null ? null : new(name, candidate.Run, layer.Reference);
    }

    /// <summary>The relative error on fresh tokens.</summary>
    /// <exception cref="BenchmarkException">It is larger than the dtype explains.</exception>
    internal double Check(RankLayer layer, int tokens)
    {
        using var scope = NewDisposeScope();
        using var drawn = layer.Draw(tokens);
        using var result = Run(drawn);
        return Moesaic.RankAgreement.Together(layer.Context.World, () => Candidate.Error(Name, tokens, layer.Dtype, Expected(drawn), result));
    }

    /// <summary>Each token times its weights at the ranks of its experts, added up.</summary>
    private static Tensor Travel(RankLayer layer, RoutedTokens tokens)
    {
        using var scope = NewDisposeScope();
        var part = layer.Experts.Ranks!.Run(
            tokens.HiddenStates, tokens.TopKIds, tokens.TopKWeights, static (x, _, weights) => x * weights.sum(1, keepdim: true).to(x.dtype));
        return (part * (1.0 / layer.Context.Layout.Tensor)).Reduce().Value.MoveToOuterDisposeScope(); // Every tensor rank gives the same.
    }
}
