using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Moesaic.Configs;

/// <summary>Reads config.json; the generated readers of config records call it.</summary>
/// <remarks>
/// Several keys are tried in order; those that are there must agree. A key that is null counts as absent, and so does a number
/// that is "auto": the model computes it from others.
/// Every message is one line: file, key, what was expected, what was found, what to do.
/// </remarks>
public sealed partial class ConfigReader
{
    // JsonDocument's depth limit (64) and this one keep a hostile file from costing more than it should.
    private const long LongestFile = 64 << 20;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly JsonElement _object;
    private readonly string _prefix;

    private ConfigReader(JsonElement value, string source, string prefix)
    {
        _object = value;
        Source = source;
        _prefix = prefix;
    }

    /// <summary>What messages call the file: its path.</summary>
    public string Source { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ConfigException">It is missing, cannot be read, is not JSON, or is not an object.</exception>
    public static ConfigReader Load(string path)
    {
        try
        {
            return new FileInfo(path).Length <= LongestFile
                ? Parse(File.ReadAllText(path), path)
                : throw new ConfigException($"{path}: expected a config of at most 64 MB, found {new FileInfo(path).Length} bytes; name another file");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigException($"{path}: expected a JSON file, found none; check the path", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigException($"{path}: expected a JSON file, found one that cannot be read: {e.Message}; check the path and its permissions", e);
        }
    }

    /// <summary>Reads text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What messages call it: a path.</param>
    /// <exception cref="ConfigException">It is not JSON, has a key twice, or is not an object.</exception>
    public static ConfigReader Parse(string json, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(PythonNumbers.ToJson(Encoding.UTF8.GetBytes(json)), Strict);
            var root = document.RootElement;
            DecodeAll(root);
            return root.ValueKind == JsonValueKind.Object
                ? new(root.Clone(), source, "")
                : throw new ConfigException($"{source}: expected a JSON object, found {ConfigType.Describe(root)}; name a model's config.json");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ConfigException($"{source}: expected JSON, found an error: {e.Message}; repair the file or download it again", e);
        }
    }

    /// <summary>Whether a key is there and is not null.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>Whether the key is there and holds a list.</summary>
    public bool IsList(string key) => Find(key) is { ValueKind: JsonValueKind.Array };

    /// <summary>An object below this one, or null.</summary>
    /// <exception cref="ConfigException">The key is there and is no object.</exception>
    public ConfigReader? Section(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => new(value, Source, $"{_prefix}{key}."),
        { } value => throw Error(key, "an object", ConfigType.Describe(value), "correct the config"),
    };

    /// <summary>The exception for a key that is not as it should be.</summary>
    /// <param name="key">The key, relative to this object; the message names its whole path.</param>
    public ConfigException Error(string key, string expected, string found, string advice) =>
        new($"{Source}: {_prefix}{key}: expected {expected}, found {found}; {advice}");

    /// <summary>Decodes every name and text once, so that a broken escape is an error here and not at a later use.</summary>
    private static void DecodeAll(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _ = value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    DecodeAll(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    _ = property.Name;
                    DecodeAll(property.Value);
                }

                break;
        }
    }

    private JsonElement? Find(string key) =>
        _object.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static bool IsAuto(JsonElement element) => element.ValueKind == JsonValueKind.String && element.ValueEquals("auto");

    private T Required<T>(ConfigType<T> type, ReadOnlySpan<string> keys) =>
        TryRead(type, keys, out var value)
            ? value
            : throw Error(string.Join(" or ", keys.ToArray()), type.Name, "none", "add it, or check that this is the config of the model it is read for");

    private bool TryRead<T>(ConfigType<T> type, ReadOnlySpan<string> keys, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        string? source = null;
        foreach (var key in keys)
        {
            if (Find(key) is not { } element || (type.MayBeAuto && IsAuto(element)))
            {
                continue;
            }

            if (!type.TryConvert(element, out var found))
            {
                throw Error(key, type.Name, ConfigType.Describe(element), "correct the config");
            }

            if (source is not null && !type.Same(value!, found))
            {
                var first = $"{_prefix}{source} = {ConfigType.Describe(Find(source)!.Value)}";
                throw Error(key, $"the same as {first}", ConfigType.Describe(element), "keep one of the two");
            }

            (value, source) = source is null ? (found, key) : (value, source);
        }

        return source is not null;
    }
}
