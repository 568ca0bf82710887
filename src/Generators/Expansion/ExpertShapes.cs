using Moesaic.Generators.Planning;

namespace Moesaic.Generators.Expansion;

/// <summary>The shape of the tensor of a weight rule.</summary>
internal static class ExpertShapes
{
    // E experts, D hidden, F expert width

    public static IReadOnlyList<long?> Of(PlannedRule rule, ExpertSizes sizes, bool isGated)
    {
        var isDown = rule.Parameter.Contains(".w2");
        var rows = isDown ? sizes.Hidden : isGated && rule.Slice == PlannedSlice.Whole ? 2 * sizes.Width : sizes.Width;
        var columns = isDown ? sizes.Width : sizes.Hidden;
        long?[] matrix = rule.Parameter.EndsWith("bias", StringComparison.Ordinal) ? [rows]
            : rule.Transposed ? [columns, rows]
            : [rows, columns];
        return rule.Tensor.Contains("{e}") ? matrix
            : rule.Flat ? [sizes.Experts * matrix[0], .. matrix.Skip(1)]
            : [sizes.Experts, .. matrix];
    }
}
