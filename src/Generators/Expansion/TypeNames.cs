using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Helpers;

namespace Moesaic.Generators.Expansion;

/// <summary>Which class a name means, by namespaces and usings: enough for what declarations make, without binding them.</summary>
internal sealed class TypeNames(Compilation compilation)
{
    private readonly Lazy<string[]> _globalUsings = new(() => [.. compilation.SyntaxTrees
        .SelectMany(static tree => ((CompilationUnitSyntax)tree.GetRoot()).Usings)
        .Where(static u => u.GlobalKeyword != default && u.Alias is null && u.StaticKeyword == default)
        .Select(Name)
        .Distinct(StringComparer.Ordinal)]);

    public Compilation Compilation { get; } = compilation;

    /// <summary>The files that were looked at.</summary>
    public HashSet<SyntaxTree> Read { get; } = [];

    /// <summary>The class of a symbol of the compilation.</summary>
    public ModuleClass Of(INamedTypeSymbol symbol)
    {
        var found = ModuleClass.Of(symbol);
        Read.UnionWith(found.Parts.Select(static part => part.SyntaxTree));
        return found;
    }

    /// <summary>Null where there is none, or it is not known how it is written.</summary>
    public ModuleClass? Find(string name, int arity, INamedTypeSymbol? from)
    {
        var found = from is null ? null : Candidates(name, arity, from).FirstOrDefault();
        return found is not null && IsOfCompilation(found) ? Of(found)
            : found is null || found.ContainingNamespace.ToDisplayString() == "Moesaic" ? RuntimeSources.Class(name, arity)
            : null;
    }

    private IEnumerable<INamedTypeSymbol> Candidates(string name, int arity, INamedTypeSymbol from)
    {
        for (var outer = from; outer is not null; outer = outer.ContainingType)
        {
            foreach (var type in outer.GetTypeMembers(name, arity))
            {
                yield return type;
            }
        }

        for (var space = from.ContainingNamespace; space is not null; space = space.ContainingNamespace)
        {
            foreach (var type in Compilation.GetCompilationNamespace(space)?.GetTypeMembers(name, arity) ?? [])
            {
                yield return type;
            }
        }

        var usings = from.DeclaringSyntaxReferences
            .Where(static r => !r.SyntaxTree.IsGenerated())
            .SelectMany(static r => r.SyntaxTree.GetRoot().DescendantNodes(static n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<UsingDirectiveSyntax>())
            .Where(static u => u.Alias is null && u.StaticKeyword == default)
            .Select(Name);
        foreach (var imported in usings.Concat(_globalUsings.Value))
        {
            foreach (var type in Namespace(imported)?.GetTypeMembers(name, arity) ?? [])
            {
                yield return type;
            }
        }
    }

    // A tool may compile the runtime beside it: written here or there, it is the same, and only one of both is how we read it.
    private bool IsOfCompilation(INamedTypeSymbol type) => SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, Compilation.Assembly);

    private INamespaceSymbol? Namespace(string name)
    {
        var space = Compilation.GlobalNamespace;
        foreach (var part in name.Split('.'))
        {
            space = space?.GetNamespaceMembers().FirstOrDefault(n => n.Name == part);
        }

        return space;
    }

    private static string Name(UsingDirectiveSyntax directive) => directive.NamespaceOrType.ToString().Replace("global::", "");
}
