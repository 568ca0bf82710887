using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Planning;

namespace Moesaic.Generators.Parsing;

/// <summary>What holds for every class whose children are registered by generated code.</summary>
internal static class ModuleRules
{
    private static readonly string[] Owners =
        [KnownTypes.ModuleAttribute, KnownTypes.MoeBlockAttribute, KnownTypes.MoeModelAttribute];

    /// <summary>The attribute stands once, and <c>RegisterChildren</c> is left to the generated part.</summary>
    public static void CheckOwner(INamedTypeSymbol type, string attribute, ParseContext context)
    {
        if (Owners.Count(name => type.Attribute(name) is not null) > 1)
        {
            context.Report(DiagnosticDescriptors.WritesRegisterChildren, type, type.Name, attribute, "the other attribute");
        }

        if (type.AuthorMembers().FirstOrDefault(static member => member.Name == KnownTypes.RegisterChildren) is { } written)
        {
            context.Report(DiagnosticDescriptors.WritesRegisterChildren, written, type.Name, attribute, "the method");
        }
    }

    /// <summary>A base class registers children.</summary>
    public static bool CallsBase(INamedTypeSymbol type) => type.BaseType is { } basis
        && basis.SelfAndBases().OfType<INamedTypeSymbol>().TakeWhile(static t => !t.Is(KnownTypes.ExplicitModule)).Any(Registers);

    /// <summary>No two children share a name, in the module or in checkpoints.</summary>
    public static void CheckNames(INamedTypeSymbol type, IReadOnlyList<Registration> registrations, ParseContext context)
    {
        for (var i = 0; i < registrations.Count; i++)
        {
            var second = registrations[i];
            var first = registrations.Take(i).FirstOrDefault(r => r.CheckpointName == second.CheckpointName || r.Name == second.Name);
            if (first is not null)
            {
                var name = first.CheckpointName == second.CheckpointName ? first.CheckpointName : first.Name;
                var location = type.AuthorMembers().FirstOrDefault(member => member.Name == second.Property) ?? type;
                context.Report(DiagnosticDescriptors.SameCheckpointName, location, first.Property, second.Property, type.Name, name);
            }
        }
    }

    public static bool IsAnnotated(INamedTypeSymbol type) => Owners.Any(name => type.Attribute(name) is not null);

    public static bool IsChild(IPropertySymbol property) =>
        !property.IsStatic && property.HasBackingField() && ChildRoles.Of(property.Type) is ChildRole.Module or ChildRole.Parameter;

    public static bool Registers(INamedTypeSymbol type) =>
        IsAnnotated(type)
        || type.GetMembers(KnownTypes.RegisterChildren).Any(static member => !member.IsAbstract);

    /// <summary>A class written by hand may register in its constructor.</summary>
    public static bool WritesConstructor(INamedTypeSymbol type, CancellationToken cancellation) => type.InstanceConstructors.Any(
        c => c.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellation) is ConstructorDeclarationSyntax));
}
