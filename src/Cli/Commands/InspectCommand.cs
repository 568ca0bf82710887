using System.CommandLine;
using System.Text.Json;

namespace Moesaic.Cli.Commands;

/// <summary>Says what a model is made of, what runs its experts and why, and where each checkpoint tensor goes; loads no weights for that. Or how evenly ranks would be loaded.</summary>
internal static class InspectCommand
{
    internal static Command Create()
    {
        var manifest = new Option<string>("--manifest") { Description = "Write names, shapes and dtypes of the checkpoint's tensors, for the compiler to check", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "As JSON" };
        var command = new Command("inspect", "Shows every block, every decision, and where each checkpoint tensor goes.") { manifest, json };
        var cut = new CutOptions(command);
        var balance = new BalanceOptions(command, cut.Expert);
        var model = new ModelOptions(command, defaultDtype: "auto");
        command.SetAction(parsed =>
        {
            var options = model.Load(parsed);
            if (balance.IsAsked(parsed))
            {
                cut.RefuseOthers(parsed);
                return Balance(balance, parsed, model.Directory(parsed), options, parsed.GetValue(json));
            }

            using var folder = ModelFolder.Open(model.Directory(parsed));
            folder.Network.UseExperts(options.Experts);
            var report = Inspection.Of(folder, options) with { Rank = cut.Report(parsed, model.Directory(parsed)) };
            if (parsed.GetValue(manifest) is { } path)
            {
                WriteManifest(path, report);
            }

            if (parsed.GetValue(json))
            {
                JsonOutput.Write(report.WriteJson);
            }
            else
            {
                report.WriteText(Console.Out);
            }

            return Exit.Ok;
        });
        return command;
    }

    private static int Balance(BalanceOptions balance, ParseResult parsed, string directory, LoadOptions options, bool json)
    {
        if (balance.Missing(parsed, directory) is { } missing)
        {
            return Exit.Unusable(missing);
        }

        var report = balance.Report(parsed, directory, options);
        if (json)
        {
            JsonOutput.Write(report.WriteJson);
        }
        else
        {
            report.WriteText(Console.Out);
        }

        return Exit.Ok;
    }

    private static void WriteManifest(string path, Inspection report)
    {
        using var file = File.Create(path);
        using var writer = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteString("format", "moesaic-manifest/1");
        writer.WriteStartObject("tensors");
        foreach (var tensor in report.Checkpoint)
        {
            writer.WriteStartObject(tensor.Name);
            writer.WriteString("dtype", tensor.Dtype.Name);
            writer.WriteStartArray("shape");
            foreach (var dimension in tensor.Shape)
            {
                writer.WriteNumberValue(dimension);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
