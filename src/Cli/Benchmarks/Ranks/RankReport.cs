using System.Globalization;
using System.Text.Json;

namespace Moesaic.Cli.Benchmarks;

/// <summary>A run on several ranks: what was run on what, and its figures.</summary>
internal sealed record RankReport(string Name, RankLayer Layer, IReadOnlyList<string> Notes)
{
    private readonly List<RankMeasurement> _measurements = [];

    internal void WriteHead(TextWriter writer)
    {
        var shape = Layer.Shape;
        writer.WriteLine(Text($"{Name}: {shape.NumExperts} experts of {shape.HiddenSize} x {shape.IntermediateSize}, {shape.TopK} per token, {Layer.Dtype} on {Layer.Device.type}, {Layer.Context.Layout}"));
        foreach (var note in Notes)
        {
            writer.WriteLine(note);
        }

        writer.WriteLine();
        writer.WriteLine($"{"tokens",6} {"candidate",-10} {"ms",10} {"KB sent",10} {"GB/s",8} {"messages",9} {"error",9}");
    }

    internal void Add(RankMeasurement measurement, TextWriter writer)
    {
        _measurements.Add(measurement);
        writer.WriteLine(Text(
            $"{measurement.Tokens,6} {measurement.Name,-10} {measurement.Milliseconds,10:F3} {measurement.BytesPerRank / 1e3,10:F1} {measurement.BytesPerSecond / 1e9,8:F2} {measurement.MessagesPerRank,9:F1} {measurement.RelativeError,9:0.0E+0}"));
    }

    internal void WriteJson(Utf8JsonWriter writer)
    {
        var (shape, layout) = (Layer.Shape, Layer.Context.Layout);
        writer.WriteStartObject();
        writer.WriteString("name", Name);
        writer.WriteNumber("hidden_size", shape.HiddenSize);
        writer.WriteNumber("intermediate_size", shape.IntermediateSize);
        writer.WriteNumber("num_experts", shape.NumExperts);
        writer.WriteNumber("top_k", shape.TopK);
        writer.WriteString("dtype", Layer.Dtype.ToString());
        writer.WriteString("device", Layer.Device.type.ToString());
        writer.WriteNumber("dp", layout.Data);
        writer.WriteNumber("ep", layout.Expert);
        writer.WriteNumber("tp", layout.Tensor);
        writer.WriteString("dispatch", layout.Dispatch.ToString());
        writer.WriteStartArray("measurements");
        foreach (var measurement in _measurements)
        {
            writer.WriteStartObject();
            writer.WriteNumber("tokens", measurement.Tokens);
            writer.WriteString("candidate", measurement.Name);
            writer.WriteNumber("ms", measurement.Milliseconds);
            writer.WriteNumber("bytes_per_rank", measurement.BytesPerRank);
            writer.WriteNumber("messages_per_rank", measurement.MessagesPerRank);
            writer.WriteNumber("relative_error", measurement.RelativeError);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
