using System.Globalization;
using System.Text.Json;
using Moesaic.Checkpoints;
using Moesaic.Communication;

namespace Moesaic.Cli;

/// <summary>What one rank of a layout has of each parameter, and why the rest is whole.</summary>
/// <param name="Held">Numbers that the rank has.</param>
/// <param name="Whole">Numbers of the model.</param>
internal sealed record CutReport(ParallelLayout Layout, int Rank, long Held, long Whole, IReadOnlyList<(string Parameter, string Kind, string Part)> Parameters, IReadOnlyList<string> Notes)
{
    /// <summary>Makes the rank's network, and reads nothing into it.</summary>
    /// <exception cref="MoesaicException">The folder is unusable, or its sizes do not divide so.</exception>
    internal static CutReport Of(string directory, ParallelLayout layout, int rank) =>
        ThreadWorld.Run(layout.World, world =>
        {
            using var context = new ParallelContext(world, layout);
            if (world.Rank != rank)
            {
                return null;
            }

            using var folder = ModelFolder.Open(directory, context);
            var targets = new ModuleWeights(folder.Network).Targets.Select(static target => (target.Name, Parameter: target.Registration)).ToList();
            return new CutReport(
                layout, rank, targets.Sum(static target => target.Parameter.Value.numel()), targets.Sum(static target => target.Parameter.WholeShape.Aggregate(1L, static (a, b) => a * b)),
                [.. targets.Select(target => (target.Name, Kind(target.Parameter), Part(target.Parameter)))], [.. context.Notes]);
        })[rank]!;

    internal void WriteText(TextWriter writer)
    {
        writer.WriteLine();
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"rank {Rank} of {Layout}: {Held} of {Whole} numbers"));
        foreach (var (parameter, kind, part) in Parameters)
        {
            writer.WriteLine($"{parameter} {kind}{(part.Length == 0 ? "" : $": {part}")}");
        }

        foreach (var note in Notes)
        {
            writer.WriteLine(note);
        }
    }

    internal void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("rank");
        writer.WriteNumber("rank", Rank);
        writer.WriteNumber("dp", Layout.Data);
        writer.WriteNumber("ep", Layout.Expert);
        writer.WriteNumber("tp", Layout.Tensor);
        writer.WriteNumber("held", Held);
        writer.WriteNumber("whole", Whole);
        writer.WriteStartArray("parameters");
        foreach (var (parameter, kind, part) in Parameters)
        {
            writer.WriteStartObject();
            writer.WriteString("name", parameter);
            writer.WriteString("cut", kind);
            writer.WriteString("part", part);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("notes");
        foreach (var note in Notes)
        {
            writer.WriteStringValue(note);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Column-parallel is what has some of a matrix's outputs, row-parallel some of its inputs, as the field says it; the matrix is stored [outputs, inputs].</summary>
    private static string Kind(ParameterRegistration parameter)
    {
        if (parameter.Cut is not { } cut)
        {
            return "replicated";
        }

        var experts = cut.Experts is null ? null : "expert";
        var stretch = cut.Dimension < 0 ? null : IsOfInputs(parameter, cut) ? "row" : "column";
        return (experts, stretch) switch
        {
            (null, null) => cut.IsZero ? "added by another rank" : "replicated",
            (null, var one) => one,
            (var one, null) => cut.IsZero ? $"{one}, added by another rank" : one,
            _ => $"{experts}, {stretch}",
        };
    }

    /// <summary>Whether ranks have inputs, and add up what they make of them. A bias is cut as the outputs of its matrix; an embedding's inputs are tokens.</summary>
    private static bool IsOfInputs(ParameterRegistration parameter, ParameterCut cut)
    {
        var dimensions = parameter.WholeShape.Length - (cut.Experts is null ? 0 : 1);
        return parameter.Owner is Embedding || (dimensions > 1 && cut.Dimension == parameter.WholeShape.Length - 1);
    }

    private static string Part(ParameterRegistration parameter)
    {
        var parts = new List<string>();
        if (parameter.Cut?.Experts is { } experts)
        {
            parts.Add($"experts {string.Join(' ', experts)} of {parameter.WholeShape[0]}");
        }

        if (parameter.Cut is { Dimension: >= 0 and var dimension } cut)
        {
            var (start, end) = (cut.Start, cut.Start + cut.Length);
            var total = parameter.WholeShape[dimension] / (cut.Halves ? 2 : 1);
            parts.Add($"{start} to {end - 1} of {total}{(cut.Halves ? " in gate and in up" : "")}");
        }

        return string.Join(", ", parts);
    }
}
