using Microsoft.CodeAnalysis;
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
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var plans = context
            .Declarations(KnownTypes.MoeBlockAttributeMetadataName, MoeBlockParser.Parse, StubParser.Block, nameof(MoeBlockGenerator))
            .Select(static (spec, _) => MoeBlockPlan.From(spec))
            .WithTrackingName(TrackingNames.Plan);

        context.RegisterSourceOutput(plans, static (output, plan) =>
            output.AddSource($"{plan.Spec.Type.MetadataName}.g.cs", MoeBlockEmitter.Write(plan)));
    }
}
