using Moesaic.Generators.Helpers;

namespace Moesaic.Generators.Planning;

/// <summary>The models of an assembly, in an order that does not depend on that of its files.</summary>
internal sealed record RegistryPlan(EquatableArray<MoeModelPlan> Models)
{
    public static RegistryPlan From(IEnumerable<MoeModelPlan> models) =>
        new(models
            .OrderBy(static model => model.ModelType, StringComparer.Ordinal)
            .ThenBy(static model => model.TypeName, StringComparer.Ordinal)
            .ToEquatableArray());
}
