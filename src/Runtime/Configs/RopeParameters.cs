using Moesaic.Configs;

namespace Moesaic;

/// <summary>How positions turn queries and keys.</summary>
public sealed record RopeParameters : IConfigValue<RopeParameters>
{
    /// <inheritdoc/>
    public static RopeParameters Read(ConfigReader reader) => new();
}
