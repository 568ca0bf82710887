using Microsoft.CodeAnalysis;
using Moesaic.Generators.Emitting;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Parsing;
using Moesaic.Generators.Planning;

namespace Moesaic.Generators;

/// <summary><c>[ModelConfig]</c>: how a config record is read from config.json.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ModelConfigGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var plans = context
            .Declarations(KnownTypes.ModelConfigAttribute, ModelConfigParser.Parse, StubParser.Config, nameof(ModelConfigGenerator))
            .Select(static (spec, _) => ModelConfigPlan.From(spec))
            .WithTrackingName(TrackingNames.Plan);

        context.RegisterSourceOutput(plans, static (output, plan) =>
            output.AddSource($"{plan.Type.MetadataName}.g.cs", ModelConfigEmitter.Write(plan)));
    }
}
