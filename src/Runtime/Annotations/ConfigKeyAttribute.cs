namespace Moesaic;

/// <summary>The key, or keys tried in order, of a config property whose key is not the snake_case of its name.</summary>
/// <remarks>Two keys that are both there must agree.</remarks>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class ConfigKeyAttribute(params string[] keys) : Attribute
{
    /// <summary>The keys, in the order in which they are tried.</summary>
    public IReadOnlyList<string> Keys { get; } = keys;
}
