using System.Globalization;
using System.Text.RegularExpressions;

namespace Moesaic.Generators.Checkpoints;

/// <summary>Tensors of one kind in all layers and experts are one thing to say.</summary>
internal static class NameGroups
{
    private static readonly Regex Numbers = new(@"(?<=^|\.)\d+(?=\.|$)", RegexOptions.CultureInvariant);

    /// <summary>The items, grouped by their names without the numbers of layers and experts, in the order of the first.</summary>
    public static IEnumerable<IGrouping<string, T>> Of<T>(IEnumerable<T> items, Func<T, string> name) => items.GroupBy(item => Pattern(name(item)), StringComparer.Ordinal);

    public static string Pattern(string name) => Numbers.Replace(name, "*");

    /// <summary><c>`a`</c>, or <c>`a` and 7 more such</c>.</summary>
    public static string Text(string first, int count) =>
        count == 1 ? $"`{first}`" : string.Format(CultureInfo.InvariantCulture, "`{0}` and {1} more such", first, count - 1);
}
