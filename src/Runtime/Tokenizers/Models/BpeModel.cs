using System.Runtime.InteropServices;
using System.Text;

namespace Moesaic.Tokenizers.Models;

/// <summary>Byte-pair encoding of one piece of text. Safe for concurrent use.</summary>
internal sealed class BpeModel
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ids;
    private readonly MergeTable _merges;
    private readonly BpeOptions _options;
    private readonly int[] _idsOfUnits = new int[0x200]; // the alphabet of byte-level vocabularies lies below
    private readonly int[]? _fallback;
    private readonly WordCache _cache = new();

    internal BpeModel(Dictionary<string, int> ids, MergeTable merges, BpeOptions options)
    {
        _ids = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _merges = merges;
        _options = options;
        _fallback = options.ByteFallback ? [.. Enumerable.Range(0, 256).Select(value => ids.GetValueOrDefault($"<0x{value:X2}>", -1))] : null;
        for (var i = 0; i < _idsOfUnits.Length; i++)
        {
            _idsOfUnits[i] = ids.GetValueOrDefault(((char)i).ToString(), -1);
        }
    }

    /// <summary>A workspace for one thread.</summary>
    internal WordMerger CreateMerger() => new(_merges);

    internal void Encode(ReadOnlySpan<char> piece, WordMerger merger, List<int> output)
    {
        if (_options.IgnoreMerges && _ids.TryGetValue(piece, out var whole))
        {
            output.Add(whole);
            return;
        }

        // SentencePiece vocabularies come without a pre-tokenizer: their piece is the whole text.
        while (_options.WordStart is { } start && FirstWord(piece, start) is var length && length < piece.Length)
        {
            EncodeWord(piece[..length], merger, output);
            piece = piece[length..];
        }

        EncodeWord(piece, merger, output);
    }

    /// <summary>The length of the word at the start of a piece, with the word starts that it begins with.</summary>
    private static int FirstWord(ReadOnlySpan<char> piece, char start)
    {
        var marks = piece.IndexOfAnyExcept(start);
        var word = marks < 0 ? -1 : piece[marks..].IndexOf(start);
        return word < 0 ? piece.Length : marks + word;
    }

    private void EncodeWord(ReadOnlySpan<char> word, WordMerger merger, List<int> output)
    {
        if (_cache.TryGet(word, out var cached))
        {
            output.AddRange(cached);
            return;
        }

        var start = output.Count;
        AddSymbols(word, merger);
        merger.Run(output);
        _cache.Add(word, CollectionsMarshal.AsSpan(output)[start..]);
    }

    private void AddSymbols(ReadOnlySpan<char> word, WordMerger merger)
    {
        var unknown = false; // an unknown token waits: more may fuse with it
        foreach (var rune in word.EnumerateRunes())
        {
            if (TryFind(rune, out var id))
            {
                Flush();
                merger.Add(id);
            }
            else if (!TryFallBack(rune, merger) && _options.Unknown is not null)
            {
                if (!_options.FuseUnknown)
                {
                    Flush();
                }

                unknown = true;
            }
        }

        Flush();

        void Flush()
        {
            if (unknown)
            {
                merger.Add(_options.Unknown!.Value);
                unknown = false;
            }
        }
    }

    private bool TryFind(Rune rune, out int id)
    {
        if (rune.Value < _idsOfUnits.Length)
        {
            id = _idsOfUnits[rune.Value];
            return id >= 0;
        }

        Span<char> units = stackalloc char[2];
        return _ids.TryGetValue(units[..rune.EncodeToUtf16(units)], out id);
    }

    /// <summary>Adds the bytes of a character, if the vocabulary has a token for each.</summary>
    private bool TryFallBack(Rune rune, WordMerger merger)
    {
        if (_fallback is null)
        {
            return false;
        }

        Span<byte> utf8 = stackalloc byte[4];
        utf8 = utf8[..rune.EncodeToUtf8(utf8)];
        foreach (var value in utf8)
        {
            if (_fallback[value] < 0)
            {
                return false;
            }
        }

        foreach (var value in utf8)
        {
            merger.Add(_fallback[value]);
        }

        return true;
    }
}
