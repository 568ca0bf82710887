using System.Globalization;
using System.Text.Json;
using Moesaic.Eplb;
using Spectre.Console;

namespace Moesaic.Cli;

/// <summary>How evenly ranks bear a load before and after a rebalance.</summary>
/// <param name="Source">What the load was recorded on.</param>
/// <param name="Layers">From input to output.</param>
internal sealed record BalanceReport(string Source, int Ranks, int RedundantExperts, IReadOnlyList<LayerForecast> Layers)
{
    private const int BarWidth = 24;
    private const int WidthOfFiles = 120;

    /// <summary>A table for each block: a bar for each rank, before and after.</summary>
    internal void WriteText(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = WidthOfFiles;
        }

        writer.WriteLine($"load of {Source}, on {Ranks} ranks with {RedundantExperts} redundant experts a layer");
        foreach (var layer in Layers)
        {
            writer.WriteLine();
            writer.WriteLine(Text($"{layer.Name}: balancedness {layer.BalancednessBefore:0.000} -> {layer.BalancednessAfter:0.000}, {layer.Transfers} experts sent"));
            console.Write(Table(layer, console.Profile.Capabilities.Unicode ? '█' : '#'));
        }

        if (Layers.Count > 1)
        {
            writer.WriteLine();
            writer.WriteLine(Text($"all: balancedness {Overall(layer => layer.RanksBefore):0.000} -> {Overall(layer => layer.RanksAfter):0.000}, {Layers.Sum(layer => layer.Transfers)} experts sent"));
        }
    }

    internal void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("source", Source);
        writer.WriteNumber("ranks", Ranks);
        writer.WriteNumber("redundant_experts", RedundantExperts);
        writer.WriteNumber("balancedness_before", Overall(layer => layer.RanksBefore));
        writer.WriteNumber("balancedness_after", Overall(layer => layer.RanksAfter));
        writer.WriteStartArray("layers");
        foreach (var layer in Layers)
        {
            writer.WriteStartObject();
            writer.WriteString("name", layer.Name);
            writer.WriteNumber("transfers", layer.Transfers);
            WriteSide(writer, "before", layer.Before, layer.RanksBefore, layer.BalancednessBefore);
            WriteSide(writer, "after", layer.After, layer.RanksAfter, layer.BalancednessAfter);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteSide(Utf8JsonWriter writer, string name, SlotMap map, IReadOnlyList<double> ranks, double balancedness)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("balancedness", balancedness);
        writer.WriteStartArray("ranks");
        foreach (var load in ranks)
        {
            writer.WriteNumberValue(load);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("physical_to_logical");
        foreach (var expert in map.PhysicalToLogical)
        {
            writer.WriteNumberValue(expert);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>One scale for both sides, so that the longest bar is what every step waits for.</summary>
    private static Table Table(LayerForecast layer, char bar)
    {
        var table = new Table { Border = TableBorder.None };
        table.AddColumn(new TableColumn("rank").RightAligned());
        foreach (var side in new[] { "before", "after" })
        {
            table.AddColumn(new TableColumn(side) { Width = BarWidth });
            table.AddColumn(new TableColumn("tokens").RightAligned());
            table.AddColumn(new TableColumn("experts"));
        }

        var most = Math.Max(layer.RanksBefore.Max(), layer.RanksAfter.Max());
        for (var rank = 0; rank < layer.RanksBefore.Count; rank++)
        {
            table.AddRow(
                $"{rank}",
                Bar(layer.RanksBefore[rank], most, bar), Text($"{layer.RanksBefore[rank]:0.#}"), Experts(layer.Before, rank, layer.RanksBefore.Count),
                Bar(layer.RanksAfter[rank], most, bar), Text($"{layer.RanksAfter[rank]:0.#}"), Experts(layer.After, rank, layer.RanksAfter.Count));
        }

        return table;
    }

    private static string Bar(double load, double most, char bar) => most > 0 ? new(bar, (int)Math.Round(load / most * BarWidth)) : "";

    private static string Experts(SlotMap map, int rank, int ranks) =>
        string.Join(' ', map.PhysicalToLogical.Slice(rank * (map.NumSlots / ranks), map.NumSlots / ranks).ToArray());

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Means of all layers by their maxima: layers run one after the other, and each waits for its slowest rank.</summary>
    private double Overall(Func<LayerForecast, IReadOnlyList<double>> ranks) =>
        Layers.Sum(layer => ranks(layer).Max()) is > 0 and var max ? Layers.Sum(layer => ranks(layer).Average()) / max : 1;
}
