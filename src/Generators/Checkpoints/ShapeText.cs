using System.Globalization;

namespace Moesaic.Generators.Checkpoints;

internal static class ShapeText
{
    /// <summary><c>[8, ?, 32]</c>.</summary>
    public static string Of(IEnumerable<long?> shape) => $"[{string.Join(", ", shape.Select(static size => size?.ToString(CultureInfo.InvariantCulture) ?? "?"))}]";

    public static string Of(IEnumerable<long> shape) => Of(shape.Select(static size => (long?)size));
}
