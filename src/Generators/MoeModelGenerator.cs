using Microsoft.CodeAnalysis;
using Moesaic.Generators.Emitting;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Parsing;
using Moesaic.Generators.Planning;

namespace Moesaic.Generators;

/// <summary><c>[MoeModel]</c>: the registry entry of every model in the assembly, and the children a model adds of its own.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class MoeModelGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var specs = context.Declarations(
            KnownTypes.MoeModelAttribute,
            static (type, parse) => MoeModelParser.Parse(type, parse) is { } spec ? spec with { Outline = ModelOutlineParser.Parse(type, parse) } : null,
            static (_, _) => null, // A model that is wrong is not entered, and lacks nothing else.
            nameof(MoeModelGenerator));

        var registry = specs
            .Select(static (spec, _) => MoeModelPlan.From(spec))
            .WithTrackingName(TrackingNames.Plan)
            .Collect()
            .Select(static (models, _) => RegistryPlan.From(models))
            .WithTrackingName(TrackingNames.Registry);
        context.RegisterSourceOutput(registry, static (output, plan) =>
        {
            if (plan.Models.Count > 0)
            {
                output.AddSource("ModelRegistration.g.cs", RegistryEmitter.Write(plan));
            }
        });

        var withChildren = specs
            .Where(static spec => spec.Children.Count > 0)
            .Select(static (spec, _) => ModulePlan.From(new(spec.Type, spec.Children, CallsBase: true, Layer: null)))
            .WithTrackingName(TrackingNames.Plan);
        context.RegisterSourceOutput(withChildren, static (output, plan) =>
            output.AddSource($"{plan.Type.MetadataName}.g.cs", ModuleEmitter.Write(plan, nameof(MoeModelGenerator))));
    }
}
