using Moesaic.Generators.Helpers;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Planning;

/// <summary>The registry entry of one model.</summary>
internal sealed record MoeModelPlan(
    string Name, string ModelType, EquatableArray<string> Architectures, EquatableArray<string> Ignored, string TypeName, string ConfigType)
{
    /// <summary>What the model is made of.</summary>
    public ModelOutlineSpec Outline { get; init; } = new(default, default);

    public static MoeModelPlan From(MoeModelSpec spec) =>
        new(spec.Type.Name, spec.ModelType, spec.Architectures, spec.Ignored, spec.Type.QualifiedName, spec.ConfigType) { Outline = spec.Outline };
}
