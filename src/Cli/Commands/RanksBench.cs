using System.Text.Json;
using Moesaic.Cli.Benchmarks;
using static TorchSharp.torch;

namespace Moesaic.Cli.Commands;

/// <summary>What <c>bench experts</c> does on several ranks: the layer with its communication, and the communication alone.</summary>
internal static class RanksBench
{
    /// <param name="names">What to run; null for all.</param>
    /// <param name="json">A file for the figures, or null.</param>
    internal static int Run(Ranks ranks, string name, LayerShape shape, ScalarType dtype, string? names, int[] batches, double seconds, double skew, string? json)
    {
        var context = ranks.Context!;
        var wanted = Names(names);
        MemoryNeed.Check(shape with { NumExperts = (shape.NumExperts + context.Layout.ExpertRanks - 1) / context.Layout.ExpertRanks }, dtype, context.World.Device);
        using var inference = no_grad();
        using (var layer = new RankLayer(shape, dtype, context, skew))
        {
            var notes = new List<string>();
            var candidates = new List<RankCandidate>();
            foreach (var one in wanted)
            {
                if (RankCandidate.Of(one, layer, out var reason) is { } candidate)
                {
                    candidates.Add(candidate);
                }
                else
                {
                    notes.Add($"{one} left out: {reason}");
                }
            }

            Report(ranks, new(name, layer, notes), RanksBenchmark.Run(layer, candidates, batches, seconds), json);
        }

        return ranks.Leave(Exit.Ok);
    }

    private static void Report(Ranks ranks, RankReport report, IEnumerable<RankMeasurement> measurements, string? json)
    {
        var writer = ranks.Speaks ? Console.Out : TextWriter.Null;
        report.WriteHead(writer);
        foreach (var measurement in measurements)
        {
            report.Add(measurement, writer);
        }

        if (json is not null && ranks.Speaks)
        {
            using var file = File.Create(json);
            using var output = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
            report.WriteJson(output);
        }
    }

    private static string[] Names(string? text)
    {
        var names = text?.Split(',') ?? [.. RankCandidate.Names];
        return Array.Find(names, static name => !RankCandidate.Names.Contains(name)) is { } unknown
            ? throw new BenchmarkException($"--experts {text}: expected on several ranks some of {string.Join(", ", RankCandidate.Names)}, found '{unknown}'")
            : [.. names.Distinct()];
    }
}
