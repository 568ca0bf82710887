using System.Collections.Concurrent;

namespace Moesaic.Tokenizers.Models;

/// <summary>Remembers the ids of words: text repeats its words. Safe for concurrent use.</summary>
internal sealed class WordCache
{
    // Longer words hardly repeat, and the cache must stay small beside a vocabulary.
    private const int LongestWord = 48;
    private const int Capacity = 1 << 15;

    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _words =
        new ConcurrentDictionary<string, int[]>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private int _count;

    internal bool TryGet(ReadOnlySpan<char> word, out ReadOnlySpan<int> ids)
    {
        var found = word.Length <= LongestWord & _words.TryGetValue(word, out var stored);
        ids = stored;
        return found;
    }

    /// <summary>Keeps a word while there is room; the first words of a text are its frequent ones.</summary>
    internal void Add(ReadOnlySpan<char> word, ReadOnlySpan<int> ids)
    {
        if (word.Length <= LongestWord && Volatile.Read(ref _count) < Capacity && _words.TryAdd(word, ids.ToArray()))
        {
            Interlocked.Increment(ref _count);
        }
    }
}
