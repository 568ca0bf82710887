using Moesaic.Configs;

namespace Moesaic;

/// <summary>A config property that is more than one key: it reads itself from the whole of config.json.</summary>
public interface IConfigValue<TSelf>
    where TSelf : IConfigValue<TSelf>
{
    /// <summary>Reads the value.</summary>
    /// <exception cref="ConfigException">A key is missing, has the wrong type, or contradicts another.</exception>
    static abstract TSelf Read(ConfigReader reader);
}
