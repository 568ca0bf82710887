using System.Text.Json;

namespace Moesaic.Configs;

/// <summary>A type that a config value can have.</summary>
/// <param name="Name">What messages call it, with its article.</param>
/// <param name="TryConvert">Reads a value; false where it is of another type or out of range.</param>
internal sealed record ConfigType<T>(string Name, ConfigType<T>.Converter TryConvert)
{
    internal delegate bool Converter(JsonElement value, out T result);

    /// <summary>Whether two keys agree.</summary>
    internal Func<T, T, bool> Same { get; init; } = EqualityComparer<T>.Default.Equals;

    /// <summary>"auto" is no value of another type but none at all.</summary>
    internal bool MayBeAuto { get; init; }
}
