using System.Buffers;
using System.Text.Json;

namespace Moesaic.Configs;

/// <summary>The numbers that JSON lacks and configs have: Python writes them bare, <c>Infinity</c>, or as <c>{"__float__": "Infinity"}</c>.</summary>
internal static class PythonNumbers
{
    private const string Key = "__float__";
    private const byte Quote = (byte)'"';
    private static readonly SearchValues<byte> Interesting = SearchValues.Create("\"NI"u8);

    /// <summary>Writes the bare ones as objects, so that the rest of a config that has one can be read.</summary>
    internal static ReadOnlyMemory<byte> ToJson(byte[] text)
    {
        if (text.AsSpan().IndexOf("NaN"u8) < 0 && text.AsSpan().IndexOf("Infinity"u8) < 0)
        {
            return text;
        }

        var result = new ArrayBufferWriter<byte>(text.Length + 64);
        var rest = text.AsSpan();
        while (rest.IndexOfAny(Interesting) is >= 0 and var start)
        {
            var length = BareLength(rest[start..]);
            if (length == 0)
            {
                var end = rest[start] == Quote ? start + StringLength(rest[start..]) : start + 1;
                result.Write(rest[..end]);
                rest = rest[end..];
                continue;
            }

            start -= start > 0 && rest[start - 1] == '-' ? 1 : 0;
            length += rest[start] == '-' ? 1 : 0;
            result.Write(rest[..start]);
            result.Write("{\"__float__\":\""u8);
            result.Write(rest.Slice(start, length));
            result.Write("\"}"u8);
            rest = rest[(start + length)..];
        }

        result.Write(rest);
        return result.WrittenMemory;
    }

    /// <summary>Reads one; false for anything else.</summary>
    internal static bool TryRead(JsonElement value, out double result)
    {
        (var known, result) = value.ValueKind == JsonValueKind.Object && value.TryGetProperty(Key, out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString() switch
            {
                "Infinity" => (true, double.PositiveInfinity),
                "-Infinity" => (true, double.NegativeInfinity),
                "NaN" => (true, double.NaN),
                _ => (false, 0),
            }
            : (false, 0);
        return known;
    }

    private static int BareLength(ReadOnlySpan<byte> text) =>
        text.StartsWith("NaN"u8) ? 3 : text.StartsWith("Infinity"u8) ? 8 : 0;

    /// <summary>The length of the text literal that begins here, both quotes included.</summary>
    private static int StringLength(ReadOnlySpan<byte> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == Quote)
            {
                return i + 1;
            }

            i += text[i] == '\\' ? 1 : 0;
        }

        return text.Length;
    }
}
