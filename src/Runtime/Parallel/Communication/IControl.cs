namespace Moesaic.Communication;

/// <summary>A few numbers between ranks, beside their tensors: ranks with a GPU each compare their calls over it without waiting for one.</summary>
internal interface IControl : IDisposable
{
    /// <summary>The same few numbers of every rank, in the order of the ranks: [ranks * mine.Length].</summary>
    void Gather(ReadOnlySpan<long> mine, Span<long> all);

    /// <summary>The same of those ranks that name this <paramref name="color"/>; all ranks call it.</summary>
    IControl Split(int color, int rank, int size, string name);
}
