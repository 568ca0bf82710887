using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Diagnostics;

/// <summary>Says which models of an assembly answer to the same name in config.json.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RegistryAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [DiagnosticDescriptors.SameModelType];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            var models = new ConcurrentBag<INamedTypeSymbol>();
            start.RegisterSymbolAction(
                symbol =>
                {
                    if (symbol.Symbol.Attribute(KnownTypes.MoeModelAttribute) is not null)
                    {
                        models.Add((INamedTypeSymbol)symbol.Symbol);
                    }
                },
                SymbolKind.NamedType);
            start.RegisterCompilationEndAction(end => Report(end, models));
        });
    }

    private static void Report(CompilationAnalysisContext context, IEnumerable<INamedTypeSymbol> models)
    {
        // By name, so that the second of two is the same one in every build.
        var owners = new Dictionary<string, INamedTypeSymbol>(StringComparer.Ordinal);
        foreach (var model in models.OrderBy(static model => model.QualifiedName(), StringComparer.Ordinal))
        {
            foreach (var (kind, name) in Names(model.Attribute(KnownTypes.MoeModelAttribute)!))
            {
                if (!owners.TryGetValue(kind + name, out var owner))
                {
                    owners.Add(kind + name, model);
                }
                else
                {
                    context.ReportDiagnostic(Diagnostic.Create(
                        DiagnosticDescriptors.SameModelType, model.Locations[0], owner.Name, model.Name, kind, name));
                }
            }
        }
    }

    private static IEnumerable<(string Kind, string Name)> Names(AttributeData attribute)
    {
        if (attribute.Text() is { } modelType)
        {
            yield return ("model type", modelType);
        }

        foreach (var architecture in attribute.NamedTexts(nameof(MoeModelSpec.Architectures)))
        {
            yield return ("architecture", architecture);
        }
    }
}
