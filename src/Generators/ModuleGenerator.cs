using Microsoft.CodeAnalysis;
using Moesaic.Generators.Emitting;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Parsing;
using Moesaic.Generators.Planning;

namespace Moesaic.Generators;

/// <summary><c>[Module]</c>: a module's children, registered without reflection; a decoder layer, made without it.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ModuleGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var plans = context
            .Declarations(KnownTypes.ModuleAttribute, ModuleParser.Parse, StubParser.Layer, nameof(ModuleGenerator))
            .Select(static (spec, _) => ModulePlan.From(spec))
            .WithTrackingName(TrackingNames.Plan);

        context.RegisterSourceOutput(plans, static (output, plan) =>
            output.AddSource($"{plan.Type.MetadataName}.g.cs", ModuleEmitter.Write(plan)));
    }
}
