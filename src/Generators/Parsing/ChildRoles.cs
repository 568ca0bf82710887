using Microsoft.CodeAnalysis;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;

namespace Moesaic.Generators.Parsing;

internal static class ChildRoles
{
    // A type may be a list of itself.
    private const int Deepest = 4;

    public static ChildRole Of(ITypeSymbol type) => Of(type, 0);

    /// <summary>A tensor that is no parameter, or something that holds such tensors.</summary>
    public static bool HoldsTensors(ITypeSymbol type, int depth = 0) =>
        Of(type) is ChildRole.Tensor || (depth < Deepest && Items(type).Any(item => HoldsTensors(item, depth + 1)));

    private static ChildRole Of(ITypeSymbol type, int depth)
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

        return depth < Deepest && Items(type).Any(item => Of(item, depth + 1) is ChildRole.Module or ChildRole.ForeignModule or ChildRole.Parameter or ChildRole.List)
            ? ChildRole.List
            : ChildRole.None;
    }

    /// <summary>What a value of the type holds: items of an array or a list, keys and values of a dictionary, parts of a tuple, what is made later.</summary>
    private static IEnumerable<ITypeSymbol> Items(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => [array.ElementType],
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.Select(static element => element.Type),
        INamedTypeSymbol { Name: "KeyValuePair" or "Lazy" } pair => pair.TypeArguments,
        INamedTypeSymbol named => named.AllInterfaces.Prepend(named).Where(static i => i.Is(KnownTypes.Enumerable)).Take(1).SelectMany(static i => i.TypeArguments),
        _ => [],
    };
}
