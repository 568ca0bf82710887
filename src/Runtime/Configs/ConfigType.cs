using System.Text.Json;

namespace Moesaic.Configs;

/// <summary>The types a config value can have, and what a message calls a value that has another.</summary>
internal static class ConfigType
{
    private const int LongestText = 80;

    internal static ConfigType<int> Int32 { get; } = new("a 32-bit integer", TryInt32) { MayBeAuto = true };

    internal static ConfigType<long> Int64 { get; } = new("a 64-bit integer", TryInt64) { MayBeAuto = true };

    internal static ConfigType<double> Double { get; } = new("a number", TryDouble);

    internal static ConfigType<bool> Boolean { get; } = new("true or false", TryBoolean);

    internal static ConfigType<string> String { get; } = new("a text", TryString);

    internal static ConfigType<IReadOnlyList<int>> Int32s { get; } = ListOf(Int32, "a list of 32-bit integers");

    internal static ConfigType<IReadOnlyList<double>> Doubles { get; } = ListOf(Double, "a list of numbers");

    internal static ConfigType<IReadOnlyList<bool>> Booleans { get; } = ListOf(Boolean, "a list of true and false");

    internal static ConfigType<IReadOnlyList<string>> Strings { get; } = ListOf(String, "a list of texts");

    /// <summary>A value as the file has it, shortened.</summary>
    internal static string Describe(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= LongestText ? text : $"{text.AsSpan(0, LongestText)}…";
    }

    private static ConfigType<IReadOnlyList<T>> ListOf<T>(ConfigType<T> type, string name)
    {
        return new(name, TryList) { Same = (a, b) => a.SequenceEqual(b) };

        bool TryList(JsonElement value, out IReadOnlyList<T> result)
        {
            var items = new List<T>();
            result = items;
            if (value.ValueKind != JsonValueKind.Array)
            {
                return false;
            }

            foreach (var element in value.EnumerateArray())
            {
                if (!type.TryConvert(element, out var item))
                {
                    return false;
                }

                items.Add(item);
            }

            return true;
        }
    }

    private static bool TryInt32(JsonElement value, out int result)
    {
        var fits = TryInt64(value, out var wide) && wide is >= int.MinValue and <= int.MaxValue;
        result = fits ? (int)wide : 0;
        return fits;
    }

    /// <summary>4.0 counts as 4: tools that write configs from floating-point numbers leave such traces.</summary>
    private static bool TryInt64(JsonElement value, out long result)
    {
        result = 0;
        if (value.ValueKind != JsonValueKind.Number)
        {
            return false;
        }

        const double exact = 1L << 53;
        if (!value.TryGetInt64(out result) && value.TryGetDouble(out var number) && double.IsInteger(number) && Math.Abs(number) <= exact)
        {
            result = (long)number;
            return true;
        }

        return value.TryGetInt64(out result);
    }

    /// <summary>An infinity counts only where the file says so: 1e999 is a slip.</summary>
    private static bool TryDouble(JsonElement value, out double result)
    {
        result = 0;
        return value.ValueKind == JsonValueKind.Number
            ? value.TryGetDouble(out result) && double.IsFinite(result)
            : PythonNumbers.TryRead(value, out result) && !double.IsNaN(result);
    }

    private static bool TryBoolean(JsonElement value, out bool result)
    {
        result = value.ValueKind == JsonValueKind.True;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False;
    }

    private static bool TryString(JsonElement value, out string result)
    {
        result = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        return value.ValueKind == JsonValueKind.String;
    }
}
