using System.Globalization;

namespace Moesaic.Tokenizers.Unicode;

/// <summary>The tables of Unicode normalization, read from <see cref="CanonicalData"/> and <see cref="CompatibilityData"/> when first needed.</summary>
internal sealed class DecompositionTables
{
    private readonly Dictionary<int, int[]> _canonical = [];
    private readonly Lazy<Dictionary<int, int[]>> _compatible = new(ReadCompatible);
    private readonly Dictionary<(int First, int Second), int> _compositions = [];
    private readonly Dictionary<int, byte> _combiningClasses = [];
    private readonly HashSet<int> _unstable = [];

    private DecompositionTables()
    {
        ReadCanonical();
        ReadCombiningClasses();
    }

    internal static DecompositionTables Instance => Holder.Tables;

    internal byte CombiningClass(int codePoint) => _combiningClasses.GetValueOrDefault(codePoint);

    /// <summary>One step of the decomposition; null if the code point stays as it is.</summary>
    internal int[]? Decompose(int codePoint, bool compatible) =>
        _canonical.TryGetValue(codePoint, out var parts) || (compatible && _compatible.Value.TryGetValue(codePoint, out parts)) ? parts : null;

    /// <summary>The code point that two others compose; null if they do not.</summary>
    internal int? Compose(int first, int second) => _compositions.TryGetValue((first, second), out var composed) ? composed : null;

    /// <summary>Whether composition (NFC) may change the code point, or join it with the one before.</summary>
    internal bool MayChange(int codePoint) => _unstable.Contains(codePoint);

    private void ReadCanonical()
    {
        foreach (var (codePoint, composes, parts) in Read(CanonicalData.Decompositions))
        {
            _canonical.Add(codePoint, parts);
            _unstable.Add(composes ? parts[1] : codePoint);
            if (composes)
            {
                _compositions.Add((parts[0], parts[1]), codePoint);
            }
        }
    }

    private static Dictionary<int, int[]> ReadCompatible() =>
        Read(CompatibilityData.Decompositions).ToDictionary(static entry => entry.CodePoint, static entry => entry.Parts);

    private static IEnumerable<(int CodePoint, bool Composes, int[] Parts)> Read(string data)
    {
        foreach (var entry in data.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var mark = entry.AsSpan().IndexOfAny('=', '!');
            yield return (Hex(entry.AsSpan(0, mark)), entry[mark] == '=', [.. entry[(mark + 1)..].Split(' ').Select(static part => Hex(part))]);
        }
    }

    private void ReadCombiningClasses()
    {
        foreach (var entry in CanonicalData.CombiningClasses.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var (dash, equals) = (entry.IndexOf('-', StringComparison.Ordinal), entry.IndexOf('=', StringComparison.Ordinal));
            for (var codePoint = Hex(entry.AsSpan(0, dash)); codePoint <= Hex(entry.AsSpan(dash + 1, equals - dash - 1)); codePoint++)
            {
                _combiningClasses.Add(codePoint, byte.Parse(entry.AsSpan(equals + 1), CultureInfo.InvariantCulture));
                _unstable.Add(codePoint);
            }
        }
    }

    private static int Hex(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Apart, so that the tables are read only by who needs them.</summary>
    private static class Holder
    {
        internal static readonly DecompositionTables Tables = new();
    }
}
