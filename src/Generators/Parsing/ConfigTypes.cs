using Microsoft.CodeAnalysis;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Parsing;

/// <summary>How a property of a given type is read from config.json.</summary>
internal static class ConfigTypes
{
    /// <summary>Null for a type that config.json has no counterpart of.</summary>
    /// <param name="type">The property's type.</param>
    /// <param name="hasKey">The property has a <c>[ConfigKey]</c>, so that what reads itself lies in an object of its own.</param>
    public static ConfigValueKind? KindOf(ITypeSymbol type, bool hasKey)
    {
        if (Scalar(type) is { } scalar)
        {
            return scalar;
        }

        if (type is not INamedTypeSymbol named)
        {
            return null;
        }

        // The generated part of a config is not visible to the generator: its annotation says what it will implement.
        return named switch
        {
            _ when named.Is(KnownTypes.ReadOnlyList) => List(named.TypeArguments[0]),
            _ when named.Attribute(KnownTypes.ModelConfigAttribute) is not null => ConfigValueKind.Section,
            _ when named.Implements(KnownTypes.ConfigValue) => hasKey ? ConfigValueKind.Section : ConfigValueKind.Whole,
            _ => null,
        };
    }

    /// <summary>The type itself for a nullable value.</summary>
    public static ITypeSymbol WithoutNullable(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;

    private static ConfigValueKind? Scalar(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Int32 => ConfigValueKind.Int32,
        SpecialType.System_Int64 => ConfigValueKind.Int64,
        SpecialType.System_Double => ConfigValueKind.Double,
        SpecialType.System_Single => ConfigValueKind.Single,
        SpecialType.System_Boolean => ConfigValueKind.Boolean,
        SpecialType.System_String => ConfigValueKind.String,
        _ => null,
    };

    private static ConfigValueKind? List(ITypeSymbol item) => item.SpecialType switch
    {
        SpecialType.System_Int32 => ConfigValueKind.Int32s,
        SpecialType.System_Double => ConfigValueKind.Doubles,
        SpecialType.System_Boolean => ConfigValueKind.Booleans,
        SpecialType.System_String => ConfigValueKind.Strings,
        _ => null,
    };
}
