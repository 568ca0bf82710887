using System.Text;
using System.Text.Json;

namespace Moesaic.Checkpoints;

/// <summary>Parses the JSON header of a safetensors file and believes none of it.</summary>
internal static class SafetensorsHeader
{
    private const string Damaged = "the file is damaged: download or write it again";
    private const string Form = "dtype, shape and data_offsets";

    /// <summary>The tensors it lists, in its order; each within <paramref name="dataLength"/>, none overlapping another.</summary>
    /// <exception cref="CheckpointException">It is not JSON of the right form, or contradicts itself or the file.</exception>
    internal static List<SafetensorsEntry> Parse(ReadOnlySpan<byte> json, long dataLength, string file)
    {
        try
        {
            var entries = ParseEntries(json, file);
            RefuseOverlaps(entries, dataLength, file);
            return entries;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw CheckpointException.Of(file, "a JSON header", $"an error in it: {e.Message}", Damaged, e);
        }
    }

    private static List<SafetensorsEntry> ParseEntries(ReadOnlySpan<byte> json, string file)
    {
        var entries = new List<SafetensorsEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw CheckpointException.Of(file, "a JSON object as header", Found(ref reader), Damaged);
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!names.Add(name))
            {
                throw CheckpointException.Of(file, name, "one tensor of this name", "two", Damaged);
            }

            reader.Read();
            if (name == "__metadata__")
            {
                reader.Skip();
            }
            else
            {
                entries.Add(ParseEntry(ref reader, name, file));
            }
        }

        reader.Read(); // What follows the object, if not blank, is an error to the reader.
        return entries;
    }

    private static SafetensorsEntry ParseEntry(ref Utf8JsonReader reader, string name, string file)
    {
        SafetensorsDtype? dtype = null;
        long[]? shape = null;
        long[]? offsets = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw CheckpointException.Of(file, name, $"an object with {Form}", Found(ref reader), Damaged);
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("dtype"u8) && dtype is null)
            {
                dtype = ParseDtype(ref reader, name, file);
            }
            else if (reader.ValueTextEquals("shape"u8) && shape is null)
            {
                shape = ParseNumbers(ref reader, name, "shape", TensorShape.HighestRank, file);
            }
            else if (reader.ValueTextEquals("data_offsets"u8) && offsets is null)
            {
                offsets = ParseNumbers(ref reader, name, "data_offsets", 2, file);
            }
            else
            {
                throw CheckpointException.Of(file, name, $"{Form}, once each", CheckpointException.Printable(reader.GetString()!), Damaged);
            }
        }

        return dtype is not null && shape is not null && offsets is [var begin, var end]
            ? Checked(new(name, dtype, shape, begin, end), file)
            : throw CheckpointException.Of(file, name, Form, "an entry that lacks some of them", Damaged);
    }

    private static SafetensorsDtype ParseDtype(ref Utf8JsonReader reader, string name, string file)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String && SafetensorsDtype.Find(reader.GetString()!) is { } dtype
            ? dtype
            : throw CheckpointException.Of(file, name, $"a dtype of {SafetensorsDtype.Names}", Found(ref reader), "convert the checkpoint to one of them");
    }

    private static long[] ParseNumbers(ref Utf8JsonReader reader, string name, string field, int most, string file)
    {
        var numbers = new List<long>();
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw CheckpointException.Of(file, name, $"a list of integers as {field}", Found(ref reader), Damaged);
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
            {
                throw CheckpointException.Of(file, name, $"64-bit integers of 0 and more in {field}", Found(ref reader), Damaged);
            }

            if (numbers.Count == most)
            {
                throw CheckpointException.Of(file, name, $"at most {most} numbers in {field}", "more", Damaged);
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    private static SafetensorsEntry Checked(SafetensorsEntry entry, string file)
    {
        var tensor = $"{entry.Dtype} {TensorShape.Text(entry.Shape)}";
        if (!TensorShape.TryCountBytes(entry.Shape, entry.Dtype.Size, out var bytes))
        {
            throw CheckpointException.Of(file, entry.Name, "a size that fits 64 bits", tensor, Damaged);
        }

        return entry.End >= entry.Begin && entry.End - entry.Begin == bytes
            ? entry
            : throw CheckpointException.Of(file, entry.Name, $"{bytes} bytes for {tensor}", $"data_offsets [{entry.Begin}, {entry.End}]", Damaged);
    }

    /// <summary>Holes are harmless; two tensors in the same bytes, or one outside the file, are not.</summary>
    private static void RefuseOverlaps(List<SafetensorsEntry> entries, long dataLength, string file)
    {
        SafetensorsEntry? previous = null;
        foreach (var entry in entries.OrderBy(entry => entry.Begin))
        {
            var range = $"data_offsets [{entry.Begin}, {entry.End}]";
            if (entry.End > dataLength)
            {
                throw CheckpointException.Of(file, entry.Name, $"data_offsets within the {dataLength} bytes of data", range, "the file is cut short: download it again");
            }

            if (entry.Begin == entry.End)
            {
                continue;
            }

            if (previous is not null && entry.Begin < previous.End)
            {
                var other = $"{CheckpointException.Printable(previous.Name)} at [{previous.Begin}, {previous.End}]";
                throw CheckpointException.Of(file, entry.Name, "bytes of its own", $"{range}, which overlaps {other}", Damaged);
            }

            previous = entry;
        }
    }

    private static string Found(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.None => "nothing",
        _ => CheckpointException.Printable(Encoding.UTF8.GetString(reader.ValueSpan)),
    };
}
