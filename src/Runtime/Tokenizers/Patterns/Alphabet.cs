using System.Globalization;

namespace Moesaic.Tokenizers.Patterns;

/// <summary>Maps each code point to a symbol: two code points share one exactly if no set of a pattern tells them apart.</summary>
/// <remarks>
/// .NET matches UTF-16 units, so it sees an astral letter or an emoji as two surrogates of category Cs. Over symbols it sees one
/// unit for every code point, and its own idea of \s, \p{L} or case never matters.
/// </remarks>
internal sealed class Alphabet
{
    private const int PageBits = 8;
    private const int CategoryCount = 30;

    private readonly int[] _edges;
    private readonly char[] _symbolOfCell;
    private readonly char[]?[] _pages = new char[]?[(CodePointSet.Last >> PageBits) + 1];

    internal Alphabet(IReadOnlyList<CodePointSet> sets)
    {
        _edges = [0, .. sets.SelectMany(static set => set.Edges).Where(static edge => edge is > 0 and <= CodePointSet.Last).Distinct().Order()];
        _symbolOfCell = new char[_edges.Length * CategoryCount];
        var symbols = new Dictionary<string, char>(StringComparer.Ordinal);
        var members = sets.Select(static _ => new List<char>()).ToArray();
        for (var cell = 0; cell < _symbolOfCell.Length; cell++)
        {
            // The cell's memberships, one character a set, are its name.
            var name = string.Create(sets.Count, (sets, start: _edges[cell / CategoryCount], category: (UnicodeCategory)(cell % CategoryCount)), static (name, cell) =>
            {
                for (var i = 0; i < name.Length; i++)
                {
                    name[i] = cell.sets[i].Contains(cell.start, cell.category) ? '1' : '0';
                }
            });
            if (!symbols.TryGetValue(name, out var symbol))
            {
                symbols.Add(name, symbol = (char)symbols.Count);
                for (var i = 0; i < name.Length; i++)
                {
                    if (name[i] == '1')
                    {
                        members[i].Add(symbol);
                    }
                }
            }

            _symbolOfCell[cell] = symbol;
        }

        Members = members;
    }

    /// <summary>The symbols of each set, in the order of the sets.</summary>
    internal IReadOnlyList<IReadOnlyList<char>> Members { get; }

    internal char this[int codePoint]
    {
        get
        {
            // Two threads may fill a page at once; they fill it alike.
            var page = Volatile.Read(ref _pages[codePoint >> PageBits]);
            if (page is null)
            {
                Volatile.Write(ref _pages[codePoint >> PageBits], page = FillPage(codePoint >> PageBits));
            }

            return page[codePoint & ((1 << PageBits) - 1)];
        }
    }

    private char[] FillPage(int page)
    {
        var symbols = new char[1 << PageBits];
        for (var i = 0; i < symbols.Length; i++)
        {
            var codePoint = (page << PageBits) | i;
            var edge = Array.BinarySearch(_edges, codePoint);
            symbols[i] = _symbolOfCell[((edge >= 0 ? edge : ~edge - 1) * CategoryCount) + (int)CharUnicodeInfo.GetUnicodeCategory(codePoint)];
        }

        return symbols;
    }
}
