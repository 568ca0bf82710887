using Microsoft.CodeAnalysis.Text;
using Moesaic.Generators.Planning;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Emitting;

/// <summary>Writes the generated part of a module.</summary>
internal static class ModuleEmitter
{
    public static SourceText Write(ModulePlan plan, string generator = nameof(ModuleGenerator))
    {
        var writer = new SourceWriter();
        GeneratedFile.WriteHeader(writer, generator, plan.Type.FullName);
        GeneratedFile.OpenType(
            writer, plan.Type, plan.Layer is null ? "" : $" : global::Moesaic.IDecoderLayer<{plan.Layer.ConfigType}, {plan.Type.Name}>");
        if (plan.Layer is { } layer)
        {
            WriteCreate(writer, plan.Type.Name, layer);
        }

        RegistrationEmitter.Write(writer, plan.Registrations, plan.CallsBase);
        GeneratedFile.CloseType(writer, plan.Type);
        return writer.ToSourceText();
    }

    private static void WriteCreate(SourceWriter writer, string name, LayerSpec layer)
    {
        var hides = layer.HidesBase ? "new " : "";
        writer.Write("/// <inheritdoc/>");
        writer.Write($"public static {hides}{name} Create({layer.ConfigType} config, int layerIndex) => new(config, layerIndex);");
    }
}
