using Microsoft.CodeAnalysis;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;

namespace Moesaic.Generators.Parsing;

internal static class ChildRoles
{
    public static ChildRole Of(ITypeSymbol type)
    {
        foreach (var t in type.SelfAndBases())
        {
            switch (t)
            {
                case var _ when t.Is(KnownTypes.ExplicitModule): return ChildRole.Module;
                case var _ when t.Is(KnownTypes.Parameter): return ChildRole.Parameter;
                case var _ when t.Is(KnownTypes.TorchModule): return ChildRole.ForeignModule;
                case var _ when t.Is(KnownTypes.Tensor): return ChildRole.Tensor;
            }
        }

        return Item(type) is { } item && Of(item) is ChildRole.Module or ChildRole.ForeignModule or ChildRole.Parameter
            ? ChildRole.List
            : ChildRole.None;
    }

    private static ITypeSymbol? Item(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol named => named.AllInterfaces.Prepend(named).FirstOrDefault(i => i.Is(KnownTypes.Enumerable))?.TypeArguments[0],
        _ => null,
    };
}
