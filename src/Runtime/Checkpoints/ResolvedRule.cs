using System.Globalization;

namespace Moesaic.Checkpoints;

/// <summary>A weight rule under full names, checked against the parameter that it fills.</summary>
/// <param name="Tensor">The tensor's full name, which may hold <c>{e}</c>.</param>
/// <param name="Target">The parameter.</param>
/// <param name="Region">The part of it; of each expert in turn where <paramref name="IsByExpert"/>.</param>
/// <param name="IsByExpert">The name stands for a tensor for each index of the first dimension.</param>
internal sealed record ResolvedRule(string Tensor, WeightTarget Target, WeightRegion Region, bool IsByExpert)
{
    private const string Expert = "{e}";

    /// <param name="source">What messages call the checkpoint.</param>
    /// <exception cref="CheckpointException">The rule contradicts itself or the parameter.</exception>
    internal static ResolvedRule Of(WeightRule rule, string tensor, WeightTarget target, string source)
    {
        var byExpert = tensor.Contains(Expert, StringComparison.Ordinal);
        var rank = target.Shape.Length;
        var experts = byExpert ? 1 : 0; // Dimensions that the choice of an expert takes away.
        var rows = target.Name.EndsWith("bias", StringComparison.Ordinal) ? rank - 1 : Math.Max(rank - 2, experts);
        if (Contradiction(rule, target.Shape, experts, rows) is { } expected)
        {
            var found = $"{rule} for {target.Name} {TensorShape.Text(target.Shape)}";
            throw CheckpointException.Of(source, tensor, expected, found, "correct the weight rules of the model");
        }

        return new(tensor, target, new(rows, null, rule.Slice, rule.Transposed, rule.Interleaved, rule.Flat), byExpert);
    }

    /// <summary>Each tensor that the rule names, and the region that it fills.</summary>
    internal IEnumerable<(string Tensor, WeightRegion Region)> Expand() => IsByExpert
        ? Enumerable.Range(0, (int)Target.Shape[0]).Select(expert =>
            (Tensor.Replace(Expert, expert.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), Region with { Expert = expert }))
        : [(Tensor, Region)];

    /// <summary>What the rule lacks, in words; null where it is sound.</summary>
    private static string? Contradiction(WeightRule rule, long[] shape, int experts, int rows)
    {
        var rank = shape.Length;
        var halves = rule.Slice != WeightSlice.Whole || rule.Interleaved;
        return rule switch
        {
            _ when experts > rank => "a dimension for the experts",
            _ when halves && (rows < experts || rows >= rank || shape[rows] % 2 != 0) => "an even number of rows to halve",
            { Interleaved: true, Slice: not WeightSlice.Whole } => "either interleaved rows or half of them",
            { Transposed: true } when rank - experts < 2 => "two dimensions to transpose",
            { Flat: true } when rank < 2 || experts > 0 => "all experts in a flat tensor",
            _ => null,
        };
    }
}
