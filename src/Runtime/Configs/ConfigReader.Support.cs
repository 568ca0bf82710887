namespace Moesaic.Configs;

/// <content>Refuses what a model does not compute: a key that is there must have one of a few values.</content>
public sealed partial class ConfigReader
{
    private const string Unsupported = "this model computes nothing else";

    /// <summary>Checks a text.</summary>
    /// <exception cref="ConfigException">The key is there and is none of <paramref name="values"/>.</exception>
    public void Supports(string key, params ReadOnlySpan<string> values)
    {
        if (OptionalString(key) is { } found && !values.Contains(found))
        {
            throw Error(key, string.Join(" or ", values.ToArray()), found, Unsupported);
        }
    }

    /// <summary>Checks a truth value.</summary>
    /// <exception cref="ConfigException">The key is there and is not <paramref name="value"/>.</exception>
    public void Supports(string key, bool value)
    {
        if (OptionalBoolean(key) == !value)
        {
            throw Error(key, value ? "true" : "false", value ? "false" : "true", Unsupported);
        }
    }

    /// <summary>Checks a whole number.</summary>
    /// <exception cref="ConfigException">The key is there and is not <paramref name="value"/>.</exception>
    public void Supports(string key, int value)
    {
        if (OptionalInt32(key) is { } found && found != value)
        {
            throw Error(key, $"{value}", $"{found}", Unsupported);
        }
    }
}
