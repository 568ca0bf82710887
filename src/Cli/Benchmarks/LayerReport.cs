using System.Globalization;
using System.Text.Json;

namespace Moesaic.Cli.Benchmarks;

/// <summary>A run of the benchmark: what was run on what, and its figures.</summary>
internal sealed record LayerReport(string Name, Layer Layer, MachineRates Rates, IReadOnlyList<string> Notes)
{
    private readonly List<LayerMeasurement> _measurements = [];

    internal IReadOnlyList<LayerMeasurement> Measurements => _measurements;

    internal void WriteHead(TextWriter writer)
    {
        writer.WriteLine(Text($"{Name}: {Layer.Shape.NumExperts} experts of {Layer.Shape.HiddenSize} x {Layer.Shape.IntermediateSize}, {Layer.Shape.TopK} per token, {Layer.Dtype} on {Layer.Device}"));
        writer.WriteLine(Text($"{(Layer.Device.type == TorchSharp.DeviceType.CPU ? "read" : "copy")} {Rates.BytesPerSecond / 1e9:F1} GB/s, matrix product {Rates.OperationsPerSecond / 1e9:F0} GFLOP/s"));
        foreach (var note in Notes)
        {
            writer.WriteLine(note);
        }

        writer.WriteLine();
        writer.WriteLine($"{"tokens",6} {"active",7} {"floor ms",10} {"candidate",-10} {"ms",10} {"of floor",9} {"of naive",9} {"error",9}");
    }

    internal void Add(LayerMeasurement measurement, TextWriter writer)
    {
        _measurements.Add(measurement);
        foreach (var candidate in measurement.Candidates)
        {
            var speedup = measurement.Speedup(candidate) is { } times ? Text($"{times:F2}x") : "";
            writer.WriteLine(Text(
                $"{measurement.Tokens,6} {measurement.ActiveExperts,7:F1} {measurement.FloorMilliseconds,10:F3} {candidate.Name,-10} {candidate.Milliseconds,10:F3} {measurement.FloorMilliseconds / candidate.Milliseconds,9:F2} {speedup,9} {candidate.RelativeError,9:0.0E+0}"));
        }
    }

    internal void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("name", Name);
        writer.WriteNumber("hidden_size", Layer.Shape.HiddenSize);
        writer.WriteNumber("intermediate_size", Layer.Shape.IntermediateSize);
        writer.WriteNumber("num_experts", Layer.Shape.NumExperts);
        writer.WriteNumber("top_k", Layer.Shape.TopK);
        writer.WriteString("dtype", Layer.Dtype.ToString());
        writer.WriteString("device", Layer.Device.ToString());
        writer.WriteNumber("bytes_per_second", Math.Round(Rates.BytesPerSecond));
        writer.WriteNumber("operations_per_second", Math.Round(Rates.OperationsPerSecond));
        writer.WriteStartArray("notes");
        foreach (var note in Notes)
        {
            writer.WriteStringValue(note);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("measurements");
        foreach (var measurement in Measurements)
        {
            writer.WriteStartObject();
            writer.WriteNumber("tokens", measurement.Tokens);
            writer.WriteNumber("active_experts", measurement.ActiveExperts);
            writer.WriteNumber("floor_ms", measurement.FloorMilliseconds);
            writer.WriteStartObject("candidates");
            foreach (var candidate in measurement.Candidates)
            {
                writer.WriteStartObject(candidate.Name);
                writer.WriteNumber("ms", candidate.Milliseconds);
                writer.WriteNumber("of_floor", measurement.FloorMilliseconds / candidate.Milliseconds);
                if (measurement.Speedup(candidate) is { } times)
                {
                    writer.WriteNumber("of_naive", times);
                }

                writer.WriteNumber("relative_error", candidate.RelativeError);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
