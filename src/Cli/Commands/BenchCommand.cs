using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Moesaic.Cli.Benchmarks;
using Moesaic.Kernels;
using Moesaic.Kernels.Cpu;
using static TorchSharp.torch;

namespace Moesaic.Cli.Commands;

/// <summary>Measures this machine.</summary>
internal static class BenchCommand
{
    private const string DefaultPreset = "olmoe-1b-7b";

    internal static Command Create() => new("bench", "Measures what this machine does.") { Experts(), BenchModelCommand.Create() };

    private static Command Experts()
    {
        var preset = new Option<string>("--preset") { Description = $"A published model's layer: {string.Join(", ", LayerShape.Presets.Keys)} [default: {DefaultPreset}]", HelpName = "NAME" };
        preset.AcceptOnlyFromAmong([.. LayerShape.Presets.Keys]);
        var shape = new Option<string>("--shape") { Description = "Hidden size, expert width, experts, experts per token", HelpName = "D,F,E,K" };
        var tokens = new Option<string>("--tokens") { Description = "Numbers of tokens [default: 1,16,64]", HelpName = "M,M" };
        var device = new Option<string>("--device") { Description = "cpu or cuda [default: cpu]", HelpName = "DEVICE" };
        device.AcceptOnlyFromAmong("cpu", "cuda");
        var dtype = new Option<string>("--dtype") { Description = "bfloat16 or float32 [default: bfloat16]", HelpName = "TYPE" };
        dtype.AcceptOnlyFromAmong("bfloat16", "float32");
        var experts = new Option<string>("--experts") { Description = $"What to compare [default: {string.Join(',', Candidate.Names)}]", HelpName = "NAME,NAME" };
        var most = new Option<int?>("--experts-in-memory") { Description = "Make at most so many experts", HelpName = "N" };
        var skew = new Option<double>("--skew") { Description = "Choose experts unevenly: number i in proportion to (i + 1)^-X", HelpName = "X", DefaultValueFactory = _ => 0 };
        var seconds = new Option<double>("--seconds") { Description = "To measure each number of tokens", HelpName = "S", DefaultValueFactory = _ => 5 };
        var json = new Option<string>("--json") { Description = "Write the figures", HelpName = "FILE" };
        var plot = new Option<string>("--plot") { Description = "Write a picture of them, SVG", HelpName = "FILE" };
        var command = new Command("experts", "Times a layer of routed experts against the naive loop and the machine's limits; checks the results first.")
        {
            preset, shape, tokens, device, dtype, experts, most, skew, seconds, json, plot,
        };
        var parallel = new ParallelFlags(command);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(preset) is not null && parsed.GetValue(shape) is not null)
            {
                throw new BenchmarkException("--preset and --shape: expected one of them, found both");
            }

            if (!(parsed.GetValue(skew) is >= 0 and <= 10))
            {
                throw new BenchmarkException(string.Create(CultureInfo.InvariantCulture, $"--skew {parsed.GetValue(skew)}: expected 0 to 10"));
            }

            if (!(parsed.GetValue(seconds) >= 0))
            {
                throw new BenchmarkException(string.Create(CultureInfo.InvariantCulture, $"--seconds {parsed.GetValue(seconds)}: expected 0 or more"));
            }

            var batches = Numbers.Parse(parsed.GetValue(tokens) ?? "1,16,64", "--tokens", "positive numbers, such as 1,16,64");
            var name = parsed.GetValue(shape) ?? parsed.GetValue(preset) ?? DefaultPreset;
            var sizes = Capped(parsed.GetValue(shape) is { } text ? LayerShape.Parse(text) : LayerShape.Presets[name], parsed.GetValue(most));
            var layout = parallel.Read(parsed);
            var names = layout.World == 1 ? Names(parsed.GetValue(experts)) : [];
            if (layout.World > 1 && parsed.GetValue(plot) is not null)
            {
                throw new BenchmarkException("--plot: expected one process, found several");
            }

            Libtorch.Load();
            RuntimeCompilation.Enable();
            var type = parsed.GetValue(dtype) == "float32" ? float32 : bfloat16;
            var ranks = Ranks.Join(layout, parsed.GetValue(device) == "cuda");
            if (ranks.Context is not null)
            {
                return RanksBench.Run(
                    ranks, name, sizes, type, parsed.GetValue(experts), batches, parsed.GetValue(seconds), parsed.GetValue(skew), parsed.GetValue(json));
            }

            var report = Run(
                name, sizes, type, parsed.GetValue(device) == "cuda" ? Libtorch.Cuda() : CPU, parsed.GetValue(skew), names, batches, parsed.GetValue(seconds));
            Write(report, parsed.GetValue(json), parsed.GetValue(plot));
            return Exit.Ok;
        });
        return command;
    }

    private static LayerReport Run(string name, LayerShape shape, ScalarType dtype, Device device, double skew, string[] names, int[] batches, double seconds)
    {
        MemoryNeed.Check(shape, dtype, device);
        using var inference = no_grad();
        var rates = MachineRates.Measure(dtype, device);
        using var layer = new Layer(shape, dtype, device, skew);
        using var naive = names.Contains(Candidate.Naive) ? new NaiveExperts(layer.Experts) : null;
        var notes = new List<string>();
        var candidates = new List<Candidate>();
        foreach (var wanted in names)
        {
            if (wanted == Candidate.Naive)
            {
                candidates.Add(new(wanted, tokens => naive!.Forward(tokens.HiddenStates, tokens.TopKIds, tokens.TopKWeights)));
            }
            else if (Candidate.Backend(layer.Experts, Enum.Parse<ExpertsBackend>(wanted, ignoreCase: true), out var reason) is { } candidate)
            {
                candidates.Add(candidate);
                if (wanted == "fused" && device.type == TorchSharp.DeviceType.CPU)
                {
                    notes.Add($"fused: {Crossovers.For(dtype)}");
                }
            }
            else
            {
                notes.Add($"{wanted} left out: {reason}");
            }
        }

        var report = new LayerReport(name, layer, rates, notes);
        report.WriteHead(Console.Out);
        foreach (var measurement in LayerBenchmark.Run(layer, rates, candidates, batches, seconds))
        {
            report.Add(measurement, Console.Out);
        }

        return report;
    }

    private static string[] Names(string? text)
    {
        var names = text?.Split(',') ?? [.. Candidate.Names];
        return Array.Find(names, static name => !Candidate.Names.Contains(name)) is { } unknown
            ? throw new BenchmarkException($"--experts {text}: expected some of {string.Join(", ", Candidate.Names)}, found '{unknown}'")
            : [.. names.Distinct()];
    }

    private static LayerShape Capped(LayerShape shape, int? most) => most switch
    {
        null => shape,
        <= 0 => throw new BenchmarkException($"--experts-in-memory {most}: expected 1 or more"),
        { } count => shape with { NumExperts = Math.Min(shape.NumExperts, count), TopK = Math.Min(shape.TopK, count) },
    };

    private static void Write(LayerReport report, string? json, string? plot)
    {
        if (json is not null)
        {
            using var file = File.Create(json);
            using var writer = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
            report.WriteJson(writer);
        }

        if (plot is not null)
        {
            File.WriteAllText(plot, LayerPlot.Svg(report));
        }
    }
}
