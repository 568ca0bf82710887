namespace Moesaic.Configs;

/// <summary>Reads config.json; the generated readers of config records call it.</summary>
/// <remarks>Several keys are tried in order; those that are there must agree. A key that is null counts as absent.</remarks>
public sealed class ConfigReader
{
    private ConfigReader()
    {
    }

    /// <summary>Reads a file.</summary>
    public static ConfigReader Load(string path) => throw new ConfigException(path);

    /// <summary>Reads text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What messages call it: a path.</param>
    public static ConfigReader Parse(string json, string source) => throw new ConfigException(source);

    /// <summary>A number that must be there.</summary>
    public int RequiredInt32(params ReadOnlySpan<string> keys) => throw Error(keys[0], "", "", "");

    /// <summary>A number, or null.</summary>
    public int? OptionalInt32(params ReadOnlySpan<string> keys) => throw Error(keys[0], "", "", "");

    /// <summary>Texts, or null.</summary>
    public IReadOnlyList<string>? OptionalStrings(params ReadOnlySpan<string> keys) => throw Error(keys[0], "", "", "");

    /// <summary>A text, or null.</summary>
    public string? OptionalString(params ReadOnlySpan<string> keys) => throw Error(keys[0], "", "", "");

    /// <summary>The exception for a key that is not as it should be.</summary>
    public ConfigException Error(string key, string expected, string found, string advice) =>
        new($"{key}: expected {expected}, found {found}; {advice}");
}
