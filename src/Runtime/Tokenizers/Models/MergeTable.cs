namespace Moesaic.Tokenizers.Models;

/// <summary>The merges of a vocabulary, by the ids of their two sides.</summary>
internal sealed class MergeTable(int capacity)
{
    private readonly Dictionary<ulong, Merge> _merges = new(capacity);

    /// <summary>The ids that merges give.</summary>
    internal IEnumerable<int> Results => _merges.Values.Select(static merge => merge.Id);

    internal void Set(int left, int right, Merge merge) => _merges[Key(left, right)] = merge;

    internal bool TryFind(int left, int right, out Merge merge) => _merges.TryGetValue(Key(left, right), out merge);

    /// <summary>
    /// An odd factor keeps pairs apart and spreads them. Without it .NET hashes a pair to left ^ right, which so many pairs
    /// share that a large vocabulary takes seconds.
    /// </summary>
    private static ulong Key(int left, int right) => unchecked((((ulong)(uint)left << 32) | (uint)right) * 0x9E3779B97F4A7C15);
}
