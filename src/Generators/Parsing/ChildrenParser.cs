using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Parsing;

/// <summary>The children and parameters that a class declares itself.</summary>
internal static class ChildrenParser
{
    public static EquatableArray<ChildSpec> Parse(INamedTypeSymbol type, ParseContext context)
    {
        var children = new List<ChildSpec>();
        foreach (var member in type.AuthorMembers().Where(static member => !member.IsImplicitlyDeclared))
        {
            // A property without a field behind it only shows another module's child.
            var role = member switch
            {
                IPropertySymbol { IsIndexer: false } property when property.HasBackingField() => ChildRoles.Of(property.Type),
                IFieldSymbol field when ChildRoles.Of(field.Type) is not ChildRole.Tensor and var fieldRole => fieldRole,
                _ => ChildRole.None,
            };
            role = member.IsStatic && (role is ChildRole.Tensor || !HasInitializer(member, context.Cancellation)) ? ChildRole.None : role; // A constant, or a place for something that is elsewhere.
            if (Understand(member, role, context) is { } child)
            {
                children.Add(child);
            }
        }

        return children.ToEquatableArray();
    }

    private static ChildSpec? Understand(ISymbol member, ChildRole role, ParseContext context)
    {
        switch (role)
        {
            case ChildRole.Module or ChildRole.Parameter when IsWellFormed(member, role, context.Cancellation):
                return new(member.Name, member.Attribute(KnownTypes.CheckpointNameAttribute)?.Text(), role is ChildRole.Parameter);
            case ChildRole.Module:
                context.Report(DiagnosticDescriptors.NotGetOnly, member, "Child", member.Name, "{ get; }");
                break;
            case ChildRole.Parameter:
                context.Report(DiagnosticDescriptors.NotGetOnly, member, "Parameter", member.Name, "{ get; private set; }");
                break;
            case ChildRole.List:
                context.Report(DiagnosticDescriptors.ListOfModules, member, member.Name);
                break;
            case ChildRole.ForeignModule:
                context.Report(DiagnosticDescriptors.ForeignModule, member, member.Name);
                break;
            case ChildRole.Tensor when member.ContainingType.Attribute(KnownTypes.MoeBlockAttribute) is null: // Of a block, an error: BlockRoles.
                context.Report(DiagnosticDescriptors.LooseTensor, member, member.Name);
                break;
        }

        return null;
    }

    private static bool IsWellFormed(ISymbol member, ChildRole role, CancellationToken cancellation) =>
        member is IPropertySymbol { IsRequired: false, IsStatic: false } property
        && (role is ChildRole.Module
            ? property.SetMethod is null
            : property.SetMethod is { IsInitOnly: false, DeclaredAccessibility: Accessibility.Private })
        && HasInitializer(property, cancellation);

    private static bool HasInitializer(ISymbol member, CancellationToken cancellation) => member.DeclaringSyntaxReferences.Any(
        reference => reference.GetSyntax(cancellation) is PropertyDeclarationSyntax { Initializer: not null } or VariableDeclaratorSyntax { Initializer: not null });
}
