using Microsoft.CodeAnalysis;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Json;
using Moesaic.Generators.Known;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Checkpoints;

/// <summary>By what names a config.json asks for a model, and a model answers.</summary>
internal static class ModelNames
{
    /// <summary>Its architectures and its model type.</summary>
    public static IReadOnlyList<string> Of(INamedTypeSymbol model) => model.Attribute(KnownTypes.MoeModelAttribute) is { } attribute
        ? [.. attribute.NamedTexts(nameof(MoeModelSpec.Architectures)), .. attribute.Text() is { } modelType ? [modelType] : Array.Empty<string>()]
        : [];

    /// <summary>The same of a config.json.</summary>
    public static IReadOnlyList<string> Of(JsonValue config) =>
    [
        .. config.Find("architectures")?.Items.Where(static item => item.Kind == JsonKind.Text).Select(static item => item.Text) ?? [],
        .. config.Find("model_type") is { Kind: JsonKind.Text, Text: var modelType } ? [modelType] : Array.Empty<string>(),
    ];

    /// <summary>The registry would find the model.</summary>
    public static bool Answers(INamedTypeSymbol model, JsonValue config) => Of(model).Intersect(Of(config), StringComparer.Ordinal).Any();
}
