using Moesaic.Generators.Helpers;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Planning;

/// <summary>What is written for a config record.</summary>
/// <param name="Type">The record.</param>
/// <param name="Required">What every config.json gives, set when the record is made.</param>
/// <param name="Optional">What keeps its initializer where config.json has no such key.</param>
/// <param name="Supported">Keys whose other values are refused, checked first.</param>
/// <param name="HidesBase">A base record has a <c>Read</c> of its own.</param>
internal sealed record ModelConfigPlan(
    DeclaredType Type,
    EquatableArray<ConfigEntry> Required,
    EquatableArray<ConfigEntry> Optional,
    EquatableArray<SupportedValuesSpec> Supported,
    bool HidesBase)
{
    public static ModelConfigPlan From(ModelConfigSpec spec)
    {
        var entries = spec.Properties.Select(Entry).ToArray();
        return new(
            spec.Type,
            entries.Where(static entry => entry.IsRequired).ToEquatableArray(),
            entries.Where(static entry => !entry.IsRequired).ToEquatableArray(),
            spec.Supported,
            spec.HidesBase);
    }

    // A value that reads itself from the whole has no key that could be absent: its own reader knows what is optional.
    private static ConfigEntry Entry(ConfigPropertySpec property) => property.Kind == ConfigValueKind.Whole
        ? new(property.Property, property.TypeName, property.Kind, default, IsRequired: true)
        : new(property.Property, property.TypeName, property.Kind, Keys(property), property.IsRequired);

    private static EquatableArray<string> Keys(ConfigPropertySpec property) =>
        property.Keys.Count > 0 ? property.Keys : new([CheckpointNames.ToSnakeCase(property.Property)]);
}
