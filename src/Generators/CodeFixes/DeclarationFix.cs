using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Moesaic.Generators.CodeFixes;

/// <summary>A fix of a diagnostic that changes one declaration.</summary>
/// <typeparam name="TSyntax">The declaration that the diagnostic stands in.</typeparam>
public abstract class DeclarationFix<TSyntax> : CodeFixProvider
    where TSyntax : SyntaxNode
{
    private protected DeclarationFix(params string[] ids) => FixableDiagnosticIds = [.. ids];

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<TSyntax>() is { } declaration
                && Title(declaration, diagnostic) is { } title)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(title, cancellation => Task.FromResult(context.Document.WithSyntaxRoot(Fix(root, declaration, diagnostic))), title),
                    diagnostic);
            }
        }
    }

    /// <summary>What the fix is called; null where there is none.</summary>
    private protected abstract string? Title(TSyntax declaration, Diagnostic diagnostic);

    /// <summary>The file with the declaration as it should be.</summary>
    private protected abstract SyntaxNode Fix(SyntaxNode root, TSyntax declaration, Diagnostic diagnostic);
}
