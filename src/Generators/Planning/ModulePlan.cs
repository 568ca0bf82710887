using Moesaic.Generators.Helpers;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Planning;

/// <summary>What is written for a module.</summary>
internal sealed record ModulePlan(DeclaredType Type, EquatableArray<Registration> Registrations, bool CallsBase, LayerSpec? Layer)
{
    public static ModulePlan From(ModuleSpec spec) =>
        new(spec.Type, spec.Children.Select(Registration.Of).ToEquatableArray(), spec.CallsBase, spec.Layer);
}
