using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;

namespace Moesaic.Generators.Tests.Harness;

/// <summary>Applies a code fix to the first of some sources, as an editor does.</summary>
internal static class Fixing
{
    /// <summary>What the source becomes; null where no fix is offered.</summary>
    public static async Task<string?> Of(CodeFixProvider fix, IReadOnlyList<Diagnostic> found, string source)
    {
        var diagnostic = Assert.Single(found, finding => fix.FixableDiagnosticIds.Contains(finding.Id));
        using var workspace = new AdhocWorkspace();
        var document = workspace.AddProject("Sample", LanguageNames.CSharp)
            .WithParseOptions(new CSharpParseOptions(LanguageVersion.CSharp14))
            .AddDocument("Source0.cs", source);
        var actions = new List<CodeAction>();
        await fix.RegisterCodeFixesAsync(new(document, diagnostic, (action, _) => actions.Add(action), default));
        if (actions.Count == 0)
        {
            return null;
        }

        var operations = await Assert.Single(actions).GetOperationsAsync(default);
        var changed = Assert.Single(operations.OfType<ApplyChangesOperation>()).ChangedSolution.GetDocument(document.Id)!;
        return (await changed.GetTextAsync()).ToString();
    }
}
