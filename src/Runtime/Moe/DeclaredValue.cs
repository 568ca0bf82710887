using System.Collections;
using System.Globalization;

namespace Moesaic;

/// <summary>A number of the config that a router or an activation was given.</summary>
/// <param name="Name">The constructor parameter.</param>
/// <param name="Value">The number; text, a truth value, a list or nothing as well.</param>
public sealed record DeclaredValue(string Name, object? Value)
{
    /// <summary><c>topK: 2</c>, the same in every culture.</summary>
    public override string ToString() => $"{Name}: {Text(Value)}";

    private static string Text(object? value) => value switch
    {
        null => "null",
        true => "true",
        false => "false",
        string text => text,
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Text))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
