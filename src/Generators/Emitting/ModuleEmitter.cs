using Microsoft.CodeAnalysis.Text;
using Moesaic.Generators.Planning;

namespace Moesaic.Generators.Emitting;

/// <summary>Writes the generated part of a module.</summary>
internal static class ModuleEmitter
{
    public static SourceText Write(ModulePlan plan, string generator = nameof(ModuleGenerator))
    {
        var writer = new SourceWriter();
        var layer = plan.LayerConfig is { } config ? $"global::Moesaic.IDecoderLayer<{config}, {plan.Type.Name}>" : null;
        GeneratedFile.WriteHeader(writer, generator, plan.Type.FullName);
        GeneratedFile.OpenType(writer, plan.Type, layer is null ? "" : $" : {layer}");
        if (layer is not null)
        {
            // Explicit, so that the layer's surface stays the author's and a layer may derive from another.
            writer.Write($"static {plan.Type.Name} {layer}.Create({plan.LayerConfig} config, int layerIndex) => new(config, layerIndex);");
        }

        RegistrationEmitter.Write(writer, plan.Registrations, plan.CallsBase);
        GeneratedFile.CloseType(writer, plan.Type);
        return writer.ToSourceText();
    }
}
