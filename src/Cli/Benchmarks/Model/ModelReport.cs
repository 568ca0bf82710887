using System.Globalization;
using System.Text.Json;

namespace Moesaic.Cli.Benchmarks.Model;

/// <summary>What was measured of a model, as a table and as JSON.</summary>
internal static class ModelReport
{
    internal static void WriteHead(TextWriter writer, string name, CausalLm network, MachineRates rates, int context)
    {
        writer.WriteLine(Text($"{name}: {network.DecoderConfig.NumHiddenLayers} layers on {network.Device}, context {context}, copy {rates.BytesPerSecond / 1e9:F0} GB/s"));
        writer.WriteLine();
        writer.WriteLine($"{"batch",6} {"tokens/s",10} {"step ms",9} {"queued",9} {"host",8} {"ordinary",9} {"floor",9} {"of floor",9} {"active",7} {"error",9}");
    }

    internal static void Write(TextWriter writer, DecodeMeasurement m)
    {
        writer.WriteLine(Text(
            $"{m.Batch,6} {m.TokensPerSecond,10:F1} {m.StepMilliseconds,9:F3} {m.QueuedMilliseconds,9:F3} {m.HostMilliseconds,8:F3} {m.OrdinaryMilliseconds,9:F3} {m.FloorMilliseconds,9:F3} {m.FloorMilliseconds / m.StepMilliseconds,9:F2} {m.ActiveExperts,7:F1} {m.Error,9:0.0E+0}"));
        if (m.Obstacle is not null)
        {
            writer.WriteLine($"{"",6} not recorded: {m.Obstacle}");
        }

        foreach (var part in m.Parts)
        {
            writer.WriteLine(Text($"{"",6} {part.Name,-12} {part.Count,4} {part.Milliseconds,9:F3} ms {1e3 * part.Milliseconds / part.Count,8:F1} us each"));
        }
    }

    internal static void WriteJson(Utf8JsonWriter writer, string name, int context, MachineRates rates, IReadOnlyList<DecodeMeasurement> measurements)
    {
        writer.WriteStartObject();
        writer.WriteString("config", name);
        writer.WriteNumber("context", context);
        writer.WriteNumber("bytes_per_second", Math.Round(rates.BytesPerSecond));
        writer.WriteStartArray("measurements");
        foreach (var m in measurements)
        {
            writer.WriteStartObject();
            writer.WriteNumber("batch", m.Batch);
            writer.WriteNumber("tokens_per_second", m.TokensPerSecond);
            writer.WriteNumber("step_ms", m.StepMilliseconds);
            writer.WriteNumber("queued_ms", m.QueuedMilliseconds);
            writer.WriteNumber("host_ms", m.HostMilliseconds);
            writer.WriteNumber("ordinary_ms", m.OrdinaryMilliseconds);
            writer.WriteNumber("floor_ms", m.FloorMilliseconds);
            writer.WriteNumber("active_experts", m.ActiveExperts);
            if (double.IsFinite(m.Error))
            {
                writer.WriteNumber("error", m.Error);
            }

            writer.WriteString("obstacle", m.Obstacle);
            writer.WriteStartObject("parts_ms");
            foreach (var part in m.Parts)
            {
                writer.WriteNumber(part.Name, part.Milliseconds);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
