namespace Moesaic.Configs;

/// <summary>A config.json that cannot be used; the message names the file, the key, what was expected and what was found.</summary>
public sealed class ConfigException : MoesaicException
{
    internal ConfigException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
