using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Planning;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Parsing;

/// <summary>Everything that a block holds is used by its <c>forward</c>, or it would be loaded, or lost, without a word.</summary>
internal static class BlockRoles
{
    public static void Check(INamedTypeSymbol type, MoeBlockSpec spec, ParseContext context)
    {
        if (spec.WritesForward && !context.Failed)
        {
            context.Report(DiagnosticDescriptors.HandWrittenForward, type, type.Name);
        }

        if (!type.DerivesFrom(KnownTypes.MoeBlock))
        {
            return;
        }

        foreach (var tensor in Own(type).Where(IsLooseTensor))
        {
            Report(tensor, "a tensor that no checkpoint fills and no move takes along; make it a `Parameter`, or declare it in `[RouterWeights]`");
        }

        if (!spec.WritesForward)
        {
            foreach (var child in Own(type).Where(IsChild))
            {
                Report(child, "the generated `forward` knows nothing of it; override `forward` to use it");
            }

            return;
        }

        var used = new HashSet<string>(Bodies(type, context).SelectMany(static body => body.DescendantTokens()).Select(static token => token.ValueText), StringComparer.Ordinal);
        if (used.Contains("RoutedExperts"))
        {
            used.Add("Experts"); // The base class's name for them.
        }

        foreach (var child in Own(type).Where(member => IsChild(member) && !used.Contains(member.Name)))
        {
            Report(child, "no member of the block reads it");
        }

        foreach (var unread in MoeBlockPlan.From(spec).Registrations.Where(r => IsGenerated(r, spec) && !used.Contains(r.Property)))
        {
            Report(type, $"it is declared, and the author's `forward` never reads `{unread.Property}`", unread.Property);
        }

        if (spec.OutputScale != "" && !used.Contains("RoutedScalingFactor"))
        {
            Report(type, "it is declared, and the author's `forward` never reads it", "RoutedScalingFactor");
        }

        void Report(ISymbol at, string why, string? name = null) => context.Note(
            Diagnostic.Create(DiagnosticDescriptors.UnusedBlockChild, at.Locations.FirstOrDefault(), name ?? at.Name, type.Name, why));
    }

    private static bool IsGenerated(Registration registration, MoeBlockSpec spec) => spec.Children.All(child => child.Property != registration.Property);

    /// <summary>What the author adds, in the block and in classes between it and <c>MoeBlock</c>.</summary>
    private static IEnumerable<ISymbol> Own(INamedTypeSymbol type) => Classes(type)
        .SelectMany(static t => t.AuthorMembers())
        .Where(static member => !member.IsStatic && !member.IsImplicitlyDeclared);

    private static IEnumerable<INamedTypeSymbol> Classes(INamedTypeSymbol type) =>
        type.SelfAndBases().OfType<INamedTypeSymbol>().TakeWhile(static t => !t.Is(KnownTypes.MoeBlock) && !t.Is(KnownTypes.ExplicitModule));

    private static bool IsChild(ISymbol member) => member is IPropertySymbol property && ModuleRules.IsChild(property);

    private static bool IsLooseTensor(ISymbol member) => member switch
    {
        IPropertySymbol { IsIndexer: false } property => property.HasBackingField() && ChildRoles.HoldsTensors(property.Type),
        IFieldSymbol field => ChildRoles.HoldsTensors(field.Type),
        _ => false,
    };

    /// <summary>Where members are read: methods, and properties that compute.</summary>
    private static IEnumerable<SyntaxNode> Bodies(INamedTypeSymbol type, ParseContext context) => Classes(type)
        .SelectMany(static t => t.AuthorMembers())
        .SelectMany(static member => member.DeclaringSyntaxReferences)
        .Select(reference => reference.GetSyntax(context.Cancellation))
        .SelectMany(static syntax => syntax switch
        {
            BaseMethodDeclarationSyntax { Body: { } body } => [body],
            BaseMethodDeclarationSyntax { ExpressionBody: { } body } => [body],
            PropertyDeclarationSyntax { ExpressionBody: { } body } => [body],
            AccessorDeclarationSyntax { Body: { } body } => [body],
            AccessorDeclarationSyntax { ExpressionBody: { } body } => [body],
            _ => Array.Empty<SyntaxNode>(),
        });
}
