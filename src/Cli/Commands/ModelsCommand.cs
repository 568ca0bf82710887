using System.CommandLine;
using Moesaic.Models;

namespace Moesaic.Cli.Commands;

/// <summary>Lists the architectures that can be loaded.</summary>
internal static class ModelsCommand
{
    internal static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "As JSON" };
        var command = new Command("models", "Lists the architectures that can be loaded.") { json };
        command.SetAction(parsed =>
        {
            ModelRegistry.AddFrom(typeof(ModelsAssembly).Assembly);
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(WriteJson);
                return Exit.Ok;
            }

            foreach (var model in ModelRegistry.Models)
            {
                Console.WriteLine($"{model.ModelType,-20} {string.Join(", ", model.Architectures),-36} {model.Name}");
            }

            return Exit.Ok;
        });
        return command;
    }

    private static void WriteJson(System.Text.Json.Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var model in ModelRegistry.Models)
        {
            writer.WriteStartObject();
            writer.WriteString("model_type", model.ModelType);
            writer.WriteStartArray("architectures");
            foreach (var architecture in model.Architectures)
            {
                writer.WriteStringValue(architecture);
            }

            writer.WriteEndArray();
            writer.WriteString("class", model.Name);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
