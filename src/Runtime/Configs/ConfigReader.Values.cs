using System.Text.Json;

namespace Moesaic.Configs;

/// <content>One pair of methods for each type. <see cref="ConfigException"/> where a key is missing, has another type, or contradicts another key.</content>
public sealed partial class ConfigReader
{
    /// <summary>A number that must be there.</summary>
    /// <exception cref="ConfigException">None of the keys is there, one has another type, or two contradict each other.</exception>
    public int RequiredInt32(params ReadOnlySpan<string> keys) => Required(ConfigType.Int32, keys);

    /// <summary>A number, or null.</summary>
    /// <exception cref="ConfigException">One of the keys has another type, or two contradict each other.</exception>
    public int? OptionalInt32(params ReadOnlySpan<string> keys) => TryRead(ConfigType.Int32, keys, out var value) ? value : null;

    /// <summary>A number that must be there.</summary>
    /// <exception cref="ConfigException">None of the keys is there, one has another type, or two contradict each other.</exception>
    public long RequiredInt64(params ReadOnlySpan<string> keys) => Required(ConfigType.Int64, keys);

    /// <summary>A number, or null.</summary>
    /// <exception cref="ConfigException">One of the keys has another type, or two contradict each other.</exception>
    public long? OptionalInt64(params ReadOnlySpan<string> keys) => TryRead(ConfigType.Int64, keys, out var value) ? value : null;

    /// <summary>A number that must be there.</summary>
    /// <exception cref="ConfigException">None of the keys is there, one has another type, or two contradict each other.</exception>
    public double RequiredDouble(params ReadOnlySpan<string> keys) => Required(ConfigType.Double, keys);

    /// <summary>A number, or null.</summary>
    /// <exception cref="ConfigException">One of the keys has another type, or two contradict each other.</exception>
    public double? OptionalDouble(params ReadOnlySpan<string> keys) => TryRead(ConfigType.Double, keys, out var value) ? value : null;

    /// <summary>True or false that must be there.</summary>
    /// <exception cref="ConfigException">None of the keys is there, one has another type, or two contradict each other.</exception>
    public bool RequiredBoolean(params ReadOnlySpan<string> keys) => Required(ConfigType.Boolean, keys);

    /// <summary>True or false, or null.</summary>
    /// <exception cref="ConfigException">One of the keys has another type, or two contradict each other.</exception>
    public bool? OptionalBoolean(params ReadOnlySpan<string> keys) => TryRead(ConfigType.Boolean, keys, out var value) ? value : null;

    /// <summary>True or false, or a number, of which 0 alone is false; null where there is none.</summary>
    /// <remarks>For keys that released configs write either way.</remarks>
    /// <exception cref="ConfigException">It is neither.</exception>
    public bool? OptionalTruth(string key) =>
        Find(key) is { ValueKind: JsonValueKind.Number } ? OptionalDouble(key) != 0 : OptionalBoolean(key);

    /// <summary>A text that must be there.</summary>
    /// <exception cref="ConfigException">None of the keys is there, one has another type, or two contradict each other.</exception>
    public string RequiredString(params ReadOnlySpan<string> keys) => Required(ConfigType.String, keys);

    /// <summary>A text, or null.</summary>
    /// <exception cref="ConfigException">One of the keys has another type, or two contradict each other.</exception>
    public string? OptionalString(params ReadOnlySpan<string> keys) => TryRead(ConfigType.String, keys, out var value) ? value : null;

    /// <summary>Numbers that must be there.</summary>
    /// <exception cref="ConfigException">None of the keys is there, one has another type, or two contradict each other.</exception>
    public IReadOnlyList<int> RequiredInt32s(params ReadOnlySpan<string> keys) => Required(ConfigType.Int32s, keys);

    /// <summary>Numbers, or null.</summary>
    /// <exception cref="ConfigException">One of the keys has another type, or two contradict each other.</exception>
    public IReadOnlyList<int>? OptionalInt32s(params ReadOnlySpan<string> keys) => TryRead(ConfigType.Int32s, keys, out var value) ? value : null;

    /// <summary>Numbers that must be there.</summary>
    /// <exception cref="ConfigException">None of the keys is there, one has another type, or two contradict each other.</exception>
    public IReadOnlyList<double> RequiredDoubles(params ReadOnlySpan<string> keys) => Required(ConfigType.Doubles, keys);

    /// <summary>Numbers, or null.</summary>
    /// <exception cref="ConfigException">One of the keys has another type, or two contradict each other.</exception>
    public IReadOnlyList<double>? OptionalDoubles(params ReadOnlySpan<string> keys) => TryRead(ConfigType.Doubles, keys, out var value) ? value : null;

    /// <summary>A number for each layer: one that holds for all, or a list of them.</summary>
    /// <param name="layers">How many there must be.</param>
    /// <param name="otherwise">What holds for all where the key is absent.</param>
    /// <exception cref="ConfigException">It is neither a number nor a list of so many.</exception>
    public IReadOnlyList<int> PerLayer(int layers, string key, int otherwise)
    {
        if (!IsList(key))
        {
            return [.. Enumerable.Repeat(OptionalInt32(key) ?? otherwise, layers)];
        }

        var values = RequiredInt32s(key);
        return values.Count >= layers ? values : throw Error(key, $"a number for each of {layers} layers", $"{values.Count}", "correct the config");
    }

    /// <summary>Truth values that must be there.</summary>
    /// <exception cref="ConfigException">None of the keys is there, one has another type, or two contradict each other.</exception>
    public IReadOnlyList<bool> RequiredBooleans(params ReadOnlySpan<string> keys) => Required(ConfigType.Booleans, keys);

    /// <summary>Truth values, or null.</summary>
    /// <exception cref="ConfigException">One of the keys has another type, or two contradict each other.</exception>
    public IReadOnlyList<bool>? OptionalBooleans(params ReadOnlySpan<string> keys) => TryRead(ConfigType.Booleans, keys, out var value) ? value : null;

    /// <summary>Texts that must be there.</summary>
    /// <exception cref="ConfigException">None of the keys is there, one has another type, or two contradict each other.</exception>
    public IReadOnlyList<string> RequiredStrings(params ReadOnlySpan<string> keys) => Required(ConfigType.Strings, keys);

    /// <summary>Texts, or null.</summary>
    /// <exception cref="ConfigException">One of the keys has another type, or two contradict each other.</exception>
    public IReadOnlyList<string>? OptionalStrings(params ReadOnlySpan<string> keys) => TryRead(ConfigType.Strings, keys, out var value) ? value : null;
}
