using static TorchSharp.torch;

namespace Moesaic.Verification;

/// <summary>The rows of a batch that this data rank computes: all of them where there is one.</summary>
/// <remarks>
/// Batches are unequal, as in service: where rows would be shared evenly, the first data rank takes one more, which is computed twice. With fewer
/// rows than ranks, some have none.
/// </remarks>
internal sealed class RowShare
{
    private readonly ParallelContext? _parallel;
    private readonly long _start;

    private RowShare(ParallelContext? parallel, long start, long length) => (_parallel, _start, Length) = (parallel, start, length);

    internal long Length { get; }

    internal static RowShare Of(long batch, ParallelContext? parallel)
    {
        if (parallel is not { Layout.Data: > 1 and var ranks })
        {
            return new(parallel, 0, batch);
        }

        var (even, rest, rank) = (batch / ranks, batch % ranks, parallel.DataRank);
        var extra = rank < rest || (rank == 0 && rest == 0 && batch > 0) ? 1 : 0;
        return new(parallel, (even * rank) + Math.Min(rank, rest), even + extra);
    }

    /// <summary>This rank's rows of a batch.</summary>
    internal Tensor Of(Tensor batch) => batch.narrow(0, _start, Length);

    /// <summary>The largest of each number over all data ranks.</summary>
    internal double[] Largest(params double[] numbers) => Combine(numbers, static all => all.amax([0L]));

    /// <summary>The sum of each number over all data ranks.</summary>
    internal double[] Sum(params double[] numbers) => Combine(numbers, static all => all.sum([0L]));

    private double[] Combine(double[] numbers, Func<Tensor, Tensor> combine)
    {
        if (_parallel is null || numbers.Length == 0)
        {
            return numbers;
        }

        using var scope = NewDisposeScope();
        var data = _parallel.Data;
        long[] rows = [.. Enumerable.Repeat(1L, data.Size)];
        var all = data.GatherRows(tensor(numbers, dtype: float64, device: data.Device).unsqueeze(0), rows);
        return combine(all).cpu().data<double>().ToArray();
    }
}
