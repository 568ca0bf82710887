using System.CommandLine;
using System.Text.Json;
using Moesaic.Cli.Benchmarks;
using Moesaic.Cli.Benchmarks.Model;
using Moesaic.Kernels;
using static TorchSharp.torch;

namespace Moesaic.Cli.Commands;

/// <summary>Times a whole model of random numbers.</summary>
internal static class BenchModelCommand
{
    internal static Command Create()
    {
        var config = new Option<string>("--config") { Description = "The config.json of a known architecture", HelpName = "FILE", Required = true };
        var batch = new Option<string>("--batch") { Description = "Numbers of rows [default: 1,8,64]", HelpName = "B,B" };
        var context = new Option<string>("--context") { Description = "Tokens in the cache before [default: 512]", HelpName = "N" };
        var tokens = new Option<string>("--tokens") { Description = "Steps to time [default: 64]", HelpName = "N" };
        var device = new Option<string>("--device") { Description = "cpu or cuda [default: cpu]", HelpName = "DEVICE" };
        device.AcceptOnlyFromAmong("cpu", "cuda");
        var dtype = new Option<string>("--dtype") { Description = "bfloat16 or float32 [default: bfloat16]", HelpName = "TYPE" };
        dtype.AcceptOnlyFromAmong("bfloat16", "float32");
        var json = new Option<string>("--json") { Description = "Write the figures", HelpName = "FILE" };
        var assembly = ModelOptions.AssemblyOption();
        var command = new Command("model", "Decodes with a model of random numbers, made on the device from its config, and tells where the time goes.")
        {
            config, batch, context, tokens, device, dtype, json, assembly,
        };
        command.SetAction(parsed =>
        {
            var batches = Numbers.Parse(parsed.GetValue(batch) ?? "1,8,64", "--batch", "positive numbers, such as 1,8,64");
            var length = One(parsed.GetValue(context) ?? "512", "--context");
            var steps = One(parsed.GetValue(tokens) ?? "64", "--tokens");
            Libtorch.Load();
            ModelOptions.Know(parsed.GetValue(assembly));
            RuntimeCompilation.Enable();
            var type = parsed.GetValue(dtype) == "float32" ? float32 : bfloat16;
            Run(parsed.GetValue(config)!, type, parsed.GetValue(device) == "cuda" ? Libtorch.Cuda() : CPU, batches, length, steps, parsed.GetValue(json));
            return Exit.Ok;
        });
        return command;
    }

    private static void Run(string config, ScalarType dtype, Device device, int[] batches, int context, int tokens, string? json)
    {
        using var network = SyntheticNetwork.Create(config, dtype, device);
        var rates = MachineRates.Measure(dtype, device);
        ModelReport.WriteHead(Console.Out, config, network, rates, context);
        var benchmark = new ModelBenchmark(network, rates, context, tokens);
        var measurements = new List<DecodeMeasurement>();
        foreach (var batch in batches)
        {
            measurements.Add(benchmark.Run(batch));
            ModelReport.Write(Console.Out, measurements[^1]);
        }

        if (json is not null)
        {
            using var file = File.Create(json);
            using var writer = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
            ModelReport.WriteJson(writer, config, context, rates, measurements);
        }
    }

    private static int One(string text, string option) => Numbers.Parse(text, option, "a positive number") is [var number]
        ? number
        : throw new BenchmarkException($"{option} {text}: expected one positive number");
}
