namespace Moesaic.Tokenizers.Models;

/// <summary>The merges of a vocabulary, by the ids of their two sides.</summary>
internal sealed class MergeTable(int capacity)
{
    private readonly Dictionary<long, Merge> _merges = new(capacity);

    internal void Set(int left, int right, Merge merge) => _merges[Pair(left, right)] = merge;

    internal bool TryFind(int left, int right, out Merge merge) => _merges.TryGetValue(Pair(left, right), out merge);

    private static long Pair(int left, int right) => ((long)left << 32) | (uint)right;
}
