using Microsoft.CodeAnalysis.Text;
using Moesaic.Generators.Planning;

namespace Moesaic.Generators.Emitting;

/// <summary>Writes the reader of a config record.</summary>
internal static class ModelConfigEmitter
{
    public static SourceText Write(ModelConfigPlan plan)
    {
        var writer = new SourceWriter();
        GeneratedFile.WriteHeader(writer, nameof(ModelConfigGenerator), plan.Type.FullName);
        GeneratedFile.OpenType(writer, plan.Type, $" : global::Moesaic.IConfigValue<{plan.Type.Name}>");
        writer.Write("/// <inheritdoc/>");
        var hides = plan.HidesBase ? "new " : "";
        writer.Open($"public static {hides}{plan.Type.Name} Read(global::Moesaic.Configs.ConfigReader reader)");
        foreach (var supported in plan.Supported)
        {
            writer.Write($"reader.Supports({CSharpText.Literal(supported.Key)}, {string.Join(", ", supported.Values)});");
        }

        if (plan.Supported.Count > 0)
        {
            writer.Separate();
        }

        if (plan.Optional.Count == 0)
        {
            WriteInitializer(writer, $"return new {plan.Type.Name}", plan.Required, ConfigValueText.Required);
        }
        else
        {
            WriteInitializer(writer, $"var config = new {plan.Type.Name}", plan.Required, ConfigValueText.Required);
            writer.Separate();
            writer.Write("// A key that is absent leaves what the record says itself.");
            WriteInitializer(writer, "return config with", plan.Optional, ConfigValueText.Optional);
        }

        writer.Close();
        GeneratedFile.CloseType(writer, plan.Type);
        return writer.ToSourceText();
    }

    private static void WriteInitializer(
        SourceWriter writer, string head, IReadOnlyCollection<ConfigEntry> entries, Func<ConfigEntry, string> value)
    {
        if (entries.Count == 0)
        {
            writer.Write(head + "();");
            return;
        }

        writer.Open(head);
        foreach (var entry in entries)
        {
            writer.Write($"{CSharpText.Identifier(entry.Property)} = {value(entry)},");
        }

        writer.Close(";");
    }
}
