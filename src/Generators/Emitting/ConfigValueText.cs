using Moesaic.Generators.Planning;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Emitting;

/// <summary>The expression that reads one config property.</summary>
internal static class ConfigValueText
{
    public static string Required(ConfigEntry entry) => entry.Kind switch
    {
        ConfigValueKind.Whole => $"{entry.TypeName}.Read(reader)",
        ConfigValueKind.Section => $"{entry.TypeName}.Read({Section(entry)} ?? throw reader.Error({CSharpText.Literal(entry.Keys[0])}, \"an object\", \"nothing\", \"add it\"))",
        ConfigValueKind.Single => $"(float)reader.RequiredDouble({CSharpText.Literals(entry.Keys)})",
        _ => $"reader.Required{entry.Kind}({CSharpText.Literals(entry.Keys)})",
    };

    public static string Optional(ConfigEntry entry)
    {
        var property = CSharpText.Identifier(entry.Property);
        var local = char.ToLowerInvariant(entry.Property[0]) + entry.Property.Substring(1) + "Section";
        return entry.Kind switch
        {
            ConfigValueKind.Section => $"{Section(entry)} is {{ }} {local} ? {entry.TypeName}.Read({local}) : config.{property}",
            ConfigValueKind.Single => $"(float?)reader.OptionalDouble({CSharpText.Literals(entry.Keys)}) ?? config.{property}",
            _ => $"reader.Optional{entry.Kind}({CSharpText.Literals(entry.Keys)}) ?? config.{property}",
        };
    }

    private static string Section(ConfigEntry entry)
    {
        var sections = string.Join(" ?? ", entry.Keys.Select(static key => $"reader.Section({CSharpText.Literal(key)})"));
        return entry.Keys.Count == 1 ? sections : $"({sections})";
    }
}
