using System.Globalization;

namespace Moesaic.Generators.Json;

/// <summary>A value of a JSON file: a compiler that runs analyzers may lack System.Text.Json.</summary>
internal sealed class JsonValue
{
    private static readonly Dictionary<string, JsonValue> NoMembers = new(StringComparer.Ordinal);

    public static JsonValue Null { get; } = new() { Kind = JsonKind.Null };

    public JsonKind Kind { get; init; }

    public bool Boolean { get; init; }

    public double Number { get; init; }

    public string Text { get; init; } = "";

    public IReadOnlyList<JsonValue> Items { get; init; } = [];

    /// <summary>Of an object, by name; the parser has refused a name that is there twice.</summary>
    public IReadOnlyDictionary<string, JsonValue> Members { get; init; } = NoMembers;

    /// <summary>A member that is there and is not null.</summary>
    public JsonValue? Find(string name) => Members.TryGetValue(name, out var value) && value.Kind != JsonKind.Null ? value : null;

    /// <summary>The same value, numbers compared as numbers.</summary>
    public bool Same(JsonValue other) => Kind == other.Kind && Kind switch
    {
        JsonKind.Boolean => Boolean == other.Boolean,
        JsonKind.Number => Number.Equals(other.Number),
        JsonKind.Text => Text == other.Text,
        JsonKind.List => Items.Count == other.Items.Count && Items.Zip(other.Items, static (a, b) => a.Same(b)).All(static same => same),
        JsonKind.Object => Members.Count == other.Members.Count && Members.All(member => other.Members.TryGetValue(member.Key, out var value) && member.Value.Same(value)),
        _ => true,
    };

    /// <summary>As a message shows it.</summary>
    public override string ToString() => Kind switch
    {
        JsonKind.Boolean => Boolean ? "true" : "false",
        JsonKind.Number => Number.ToString("R", CultureInfo.InvariantCulture),
        JsonKind.Text => $"\"{Text}\"",
        JsonKind.List => "a list",
        JsonKind.Object => "an object",
        _ => "null",
    };
}
