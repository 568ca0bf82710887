using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Emitting;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Parsing;
using Moesaic.Generators.Planning;

namespace Moesaic.Generators;

/// <summary><c>[MoeBlock]</c>: router, fused experts, weight rules and forward of a Mixture-of-Experts block.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class MoeBlockGenerator : IIncrementalGenerator
{
    /// <summary>The file with every decision of every block.</summary>
    internal const string ReportName = "MoeBlocks.g.cs";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var plans = context
            .Declarations(KnownTypes.MoeBlockAttributeMetadataName, MoeBlockParser.Parse, StubParser.Block, nameof(MoeBlockGenerator))
            .Select(static (spec, _) => MoeBlockPlan.From(spec))
            .WithTrackingName(TrackingNames.Plan);

        context.RegisterSourceOutput(plans, static (output, plan) =>
            output.AddSource($"{plan.Spec.Type.MetadataName}.g.cs", MoeBlockEmitter.Write(plan)));

        // For who reads it, and nobody else: an editor does not ask for it while its author types.
        var lines = context.SyntaxProvider.ForAttributeWithMetadataName(
            KnownTypes.MoeBlockAttributeMetadataName,
            static (node, _) => node is TypeDeclarationSyntax,
            static (found, cancellation) => BlockLinesParser.Parse((INamedTypeSymbol)found.TargetSymbol, cancellation));
        context.RegisterImplementationSourceOutput(plans.Collect().Combine(lines.Collect()), static (output, blocks) =>
        {
            if (blocks.Left.Length > 0)
            {
                output.AddSource(ReportName, BlockReportEmitter.Write(blocks.Left, blocks.Right));
            }
        });
    }
}
