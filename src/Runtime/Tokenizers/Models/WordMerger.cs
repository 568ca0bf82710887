namespace Moesaic.Tokenizers.Models;

/// <summary>Merges the symbols of one word: a linked list and a heap of candidates, so that n symbols take n log n steps.</summary>
/// <remarks>Reused from word to word, and so not safe for concurrent use.</remarks>
internal sealed class WordMerger(MergeTable merges)
{
    private const int None = -1;

    private readonly List<Symbol> _symbols = [];
    private readonly PriorityQueue<Candidate, (int Rank, int Position)> _candidates = new();

    internal void Add(int id) => _symbols.Add(new(id, _symbols.Count - 1, _symbols.Count + 1));

    /// <summary>Merges what was added, writes it to <paramref name="output"/>, and is empty again.</summary>
    internal void Run(List<int> output)
    {
        var symbols = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_symbols);
        if (symbols.Length == 0)
        {
            return;
        }

        symbols[^1].Next = None;
        for (var i = 0; i + 1 < symbols.Length; i++)
        {
            Propose(symbols, i);
        }

        while (_candidates.TryDequeue(out var candidate, out var key))
        {
            Apply(symbols, key.Position, candidate);
        }

        for (var i = 0; i != None; i = symbols[i].Next)
        {
            output.Add(symbols[i].Id);
        }

        _symbols.Clear();
    }

    private void Propose(Span<Symbol> symbols, int position)
    {
        var left = symbols[position];
        if (left.Next != None && merges.TryFind(left.Id, symbols[left.Next].Id, out var merge))
        {
            _candidates.Enqueue(new(left.Id, symbols[left.Next].Id, merge.Id), (merge.Rank, position));
        }
    }

    private void Apply(Span<Symbol> symbols, int position, Candidate candidate)
    {
        // A candidate is stale if either side has merged with another since.
        ref var left = ref symbols[position];
        if (left.Id != candidate.Left || left.Next == None || symbols[left.Next].Id != candidate.Right)
        {
            return;
        }

        ref var right = ref symbols[left.Next];
        right.Id = None;
        left.Id = candidate.Merged;
        left.Next = right.Next;
        if (left.Next != None)
        {
            symbols[left.Next].Previous = position;
        }

        if (left.Previous != None)
        {
            Propose(symbols, left.Previous);
        }

        Propose(symbols, position);
    }

    private record struct Symbol(int Id, int Previous, int Next);

    private readonly record struct Candidate(int Left, int Right, int Merged);
}
