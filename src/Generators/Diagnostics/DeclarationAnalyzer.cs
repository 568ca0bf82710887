using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Parsing;

namespace Moesaic.Generators.Diagnostics;

/// <summary>Says what is wrong with an annotated type: it asks the generators' own parsers, and reports what they found.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DeclarationAnalyzer : DiagnosticAnalyzer
{
    private static readonly (string Attribute, Action<INamedTypeSymbol, ParseContext> Parse)[] Parsers =
    [
        (KnownTypes.ModuleAttribute, static (type, context) => ModuleParser.Parse(type, context)),
        (KnownTypes.MoeBlockAttribute, ParseBlock),
        (KnownTypes.ModelConfigAttribute, static (type, context) => ModelConfigParser.Parse(type, context)),
        (KnownTypes.MoeModelAttribute, ParseModel),
    ];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        DiagnosticDescriptors.NotPartial,
        DiagnosticDescriptors.WrongBase,
        DiagnosticDescriptors.MissingConfigProperty,
        DiagnosticDescriptors.SameCheckpointName,
        DiagnosticDescriptors.NotGetOnly,
        DiagnosticDescriptors.ListOfModules,
        DiagnosticDescriptors.SameConfigKey,
        DiagnosticDescriptors.SameProjectionName,
        DiagnosticDescriptors.MissingLayerConstructor,
        DiagnosticDescriptors.LooseTensor,
        DiagnosticDescriptors.HandWrittenForward,
        DiagnosticDescriptors.UnsupportedConfigType,
        DiagnosticDescriptors.ForeignModule,
        DiagnosticDescriptors.ContradictoryExpertWeights,
        DiagnosticDescriptors.UnregisteredChild,
        DiagnosticDescriptors.WritesRegisterChildren,
        DiagnosticDescriptors.UnusableMechanism,
        DiagnosticDescriptors.NotCreatable,
        DiagnosticDescriptors.UnusedBlockChild,
        DiagnosticDescriptors.NoConfigParameter,
        DiagnosticDescriptors.StrayAnnotation,
        DiagnosticDescriptors.GateContradicts,
        DiagnosticDescriptors.WrongArithmetic,
        DiagnosticDescriptors.RenormalizedOne,
        DiagnosticDescriptors.SharedExpertsOfNoWidth,
        DiagnosticDescriptors.ContradictoryRouterWeights,
        DiagnosticDescriptors.MisnamedProjection,
        DiagnosticDescriptors.GeneratedName,
        DiagnosticDescriptors.UnannotatedBlock,
        DiagnosticDescriptors.ContradictsPublished,
        DiagnosticDescriptors.UnfilledConfigMember,
    ];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    // Only here: a config.json may say otherwise, and what is generated does not depend on it.
    private static void ParseBlock(INamedTypeSymbol type, ParseContext context)
    {
        if (MoeBlockParser.Parse(type, context) is { } spec)
        {
            BlockConstants.Check(type, spec, context);
        }
    }

    private static void ParseModel(INamedTypeSymbol type, ParseContext context)
    {
        if (MoeModelParser.Parse(type, context) is { } spec)
        {
            PublishedCheck.Check(type, spec.ModelType, context);
        }
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        foreach (var (attribute, parse) in Parsers)
        {
            if (type.Attribute(attribute) is not null)
            {
                Report(context, findings => parse(type, findings));
            }
        }

        Report(context, findings => StrayAnnotations.Check(type, findings));
        Report(context, findings => MissingAnnotations.Check(type, findings));
    }

    // Each in a context of its own: what one parser finds wrong does not concern another.
    private static void Report(SymbolAnalysisContext context, Action<ParseContext> parse)
    {
        var findings = new ParseContext(context.Compilation, context.CancellationToken);
        parse(findings);
        foreach (var finding in findings.Findings)
        {
            context.ReportDiagnostic(finding);
        }
    }
}
