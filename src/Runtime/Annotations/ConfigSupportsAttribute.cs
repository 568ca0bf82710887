namespace Moesaic;

/// <summary>A key of config.json whose other values this model does not compute: reading a config that has one of them is an error.</summary>
/// <remarks>A key that is absent or null is fine. For a key that is a choice of the model, declare a property.</remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ConfigSupportsAttribute : Attribute
{
    /// <summary>A text: one of <paramref name="values"/>.</summary>
    public ConfigSupportsAttribute(string key, params string[] values) => (Key, Values) = (key, [.. values]);

    /// <summary>A truth value.</summary>
    public ConfigSupportsAttribute(string key, bool value) => (Key, Values) = (key, [value]);

    /// <summary>A whole number.</summary>
    public ConfigSupportsAttribute(string key, int value) => (Key, Values) = (key, [value]);

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>What it may be.</summary>
    public IReadOnlyList<object> Values { get; }
}
