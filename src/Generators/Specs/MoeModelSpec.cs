using Moesaic.Generators.Helpers;

namespace Moesaic.Generators.Specs;

/// <summary>What a class annotated with <c>[MoeModel]</c> declares.</summary>
/// <param name="Type">The class.</param>
/// <param name="ConfigType">The type of its constructor's only parameter, from <c>global::</c>.</param>
/// <param name="Children">What the author adds to the children of every language model.</param>
internal sealed record MoeModelSpec(
    DeclaredType Type,
    string ModelType,
    EquatableArray<string> Architectures,
    EquatableArray<string> Ignored,
    string ConfigType,
    EquatableArray<ChildSpec> Children)
{
    /// <summary>What the model is made of; only the generator asks.</summary>
    public ModelOutlineSpec Outline { get; init; } = new(default, default);
}
