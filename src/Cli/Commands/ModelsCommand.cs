using System.CommandLine;

namespace Moesaic.Cli.Commands;

/// <summary>Lists the architectures that can be loaded.</summary>
internal static class ModelsCommand
{
    internal static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "As JSON" };
        var markdown = new Option<bool>("--markdown") { Description = "As a table in Markdown" };
        var assembly = ModelOptions.AssemblyOption();
        var command = new Command("models", "Lists the architectures that can be loaded.") { json, markdown, assembly };
        command.SetAction(parsed =>
        {
            ModelOptions.Know(parsed.GetValue(assembly));
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(WriteJson);
                return Exit.Ok;
            }

            Action<TextWriter, IReadOnlyList<ModelDefinition>> write = parsed.GetValue(markdown) ? ModelsTable.WriteMarkdown : ModelsTable.WriteText;
            write(Console.Out, ModelRegistry.Models);
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
            WriteTexts(writer, "architectures", model.Architectures);
            writer.WriteString("class", model.Name);
            WriteTexts(writer, "attention", model.Mixers);
            writer.WriteStartArray("blocks");
            foreach (var block in model.Blocks)
            {
                writer.WriteStartObject();
                writer.WriteString("class", block.Name);
                writer.WriteString("router", block.Router);
                writer.WriteString("activation", block.Activation);
                writer.WriteString("experts", block.Experts);
                writer.WriteString("shared_experts", block.SharedExperts);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteTexts(System.Text.Json.Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
