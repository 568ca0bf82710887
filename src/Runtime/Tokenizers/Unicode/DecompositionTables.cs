using System.Globalization;

namespace Moesaic.Tokenizers.Unicode;

/// <summary>The tables of Unicode normalization, read from <see cref="DecompositionData"/> when first needed.</summary>
internal sealed class DecompositionTables
{
    private readonly Dictionary<int, int[]> _canonical = [];
    private readonly Dictionary<int, int[]> _compatible = [];
    private readonly Dictionary<(int First, int Second), int> _compositions = [];
    private readonly Dictionary<int, byte> _combiningClasses = [];
    private readonly HashSet<int> _unstable = [];

    private DecompositionTables()
    {
        ReadDecompositions();
        ReadCombiningClasses();
    }

    internal static DecompositionTables Instance => Holder.Tables;

    internal byte CombiningClass(int codePoint) => _combiningClasses.GetValueOrDefault(codePoint);

    /// <summary>One step of the decomposition; null if the code point stays as it is.</summary>
    internal int[]? Decompose(int codePoint, bool compatible) =>
        _canonical.TryGetValue(codePoint, out var parts) || (compatible && _compatible.TryGetValue(codePoint, out parts)) ? parts : null;

    /// <summary>The code point that two others compose; null if they do not.</summary>
    internal int? Compose(int first, int second) => _compositions.TryGetValue((first, second), out var composed) ? composed : null;

    /// <summary>Whether composition (NFC) may change the code point, or join it with the one before.</summary>
    internal bool MayChange(int codePoint) => _unstable.Contains(codePoint);

    private void ReadDecompositions()
    {
        var parts = new List<int>();
        foreach (var range in DecompositionData.Decompositions.AsSpan().Split(';'))
        {
            var entry = DecompositionData.Decompositions.AsSpan(range);
            var mark = entry.IndexOfAny('=', '!', '~');
            if (mark < 0)
            {
                continue;
            }

            var codePoint = Hex(entry[..mark]);
            parts.Clear();
            foreach (var part in entry[(mark + 1)..].Split(' '))
            {
                parts.Add(Hex(entry[(mark + 1)..][part]));
            }

            (entry[mark] == '~' ? _compatible : _canonical).Add(codePoint, [.. parts]);
            if (entry[mark] == '=')
            {
                _compositions.Add((parts[0], parts[1]), codePoint);
                _unstable.Add(parts[1]);
            }
            else if (entry[mark] == '!')
            {
                _unstable.Add(codePoint);
            }
        }
    }

    private void ReadCombiningClasses()
    {
        foreach (var range in DecompositionData.CombiningClasses.AsSpan().Split(';'))
        {
            var entry = DecompositionData.CombiningClasses.AsSpan(range);
            var (dash, equals) = (entry.IndexOf('-'), entry.IndexOf('='));
            for (var codePoint = dash < 0 ? 1 : Hex(entry[..dash]); dash > 0 && codePoint <= Hex(entry[(dash + 1)..equals]); codePoint++)
            {
                _combiningClasses.Add(codePoint, byte.Parse(entry[(equals + 1)..], CultureInfo.InvariantCulture));
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
