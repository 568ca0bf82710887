using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Evaluation;

namespace Moesaic.Generators.Expansion;

/// <summary>The runtime's own modules, as they are written.</summary>
/// <remarks>
/// An assembly keeps no initializers and no constructor bodies, and these say what a module is made of. So their files travel with the
/// analyzer, whose version is the runtime's: nothing is stated twice, and nothing can drift.
/// </remarks>
internal static class RuntimeSources
{
    private static readonly Lazy<Dictionary<string, TypeDeclarationSyntax>> Types = new(Read);

    /// <summary>A class by its name and the number of its type parameters.</summary>
    public static ModuleClass? Class(string name, int arity) =>
        Types.Value.TryGetValue(Key(name, arity), out var type) && type is ClassDeclarationSyntax ? new(name, null, [type]) : null;

    /// <summary>The default that one of some interfaces gives a property.</summary>
    public static ExpressionSyntax? DefaultProperty(IEnumerable<string> interfaces, string property) => interfaces
        .Select(static name => Types.Value.TryGetValue(Key(name, 0), out var type) ? type : null)
        .OfType<InterfaceDeclarationSyntax>()
        .SelectMany(static type => type.Members.OfType<PropertyDeclarationSyntax>())
        .Where(member => member.Identifier.Text == property)
        .Select(Bodies.Of)
        .FirstOrDefault(static body => body is not null);

    private static Dictionary<string, TypeDeclarationSyntax> Read()
    {
        var types = new Dictionary<string, TypeDeclarationSyntax>(StringComparer.Ordinal);
        var assembly = typeof(RuntimeSources).Assembly;
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
        foreach (var name in assembly.GetManifestResourceNames().Where(static name => name.EndsWith(".cs", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            foreach (var type in CSharpSyntaxTree.ParseText(reader.ReadToEnd(), options).GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>())
            {
                types[Key(type.Identifier.Text, type.TypeParameterList?.Parameters.Count ?? 0)] = type;
            }
        }

        return types;
    }

    private static string Key(string name, int arity) => name + "`" + arity.ToString(CultureInfo.InvariantCulture);
}
