using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Rows of a table by id. Weight [V, D].</summary>
public sealed class Embedding : ExplicitModule
{
    private readonly long _count;
    private ParallelContext? _context;
    private long _start;

    /// <summary>An embedding without values.</summary>
    public Embedding(int count, int width)
    {
        _count = count;
        Weight = NewParameter(count, width);
        Register("weight", Weight, value => Weight = value);
    }

    /// <summary>[V, D], or this rank's rows of it.</summary>
    public Parameter Weight { get; private set; }

    /// <summary>Ids […] int64 to rows […, D].</summary>
    /// <exception cref="GenerationException">An id is outside the table. Checked on the CPU only, where looking costs nothing.</exception>
    public override Tensor forward(Tensor ids)
    {
        Check(ids);
        using var flat = ids.reshape(-1);
        using var rows = _context is null ? Weight.index_select(0, flat) : SumOfRanks(flat, _context);
        return rows.reshape([.. ids.shape, Weight.shape[1]]);
    }

    /// <summary>How many rows of a table of <paramref name="count"/> each tensor rank has: as evenly as can be.</summary>
    internal static long[] Rows(ParallelContext context, long count) =>
        [.. Enumerable.Range(0, context.Layout.Tensor).Select(rank => (count / context.Layout.Tensor) + (rank < count % context.Layout.Tensor ? 1 : 0))];

    internal override void Parallelize(ParallelContext context, string path)
    {
        if (context.Layout.Tensor > 1)
        {
            var rows = Rows(context, _count);
            (_context, _start) = (context, rows[..context.TensorRank].Sum());
            Cut(Weight, new(Dimension: 0, Start: _start, Length: rows[context.TensorRank]));
        }
    }

    /// <summary>Rows of this rank's ids, and zeros for the others', summed over ranks.</summary>
    private Tensor SumOfRanks(Tensor ids, ParallelContext context)
    {
        using var scope = NewDisposeScope();
        var local = ids - _start;
        var isOther = local.lt(0).logical_or_(local.ge(Weight.shape[0]));
        var rows = Weight.index_select(0, local.masked_fill(isOther, 0));
        var own = new Partial(rows.masked_fill(isOther.unsqueeze(1), 0), context.Tensor);
        return own.Reduce().Value.MoveToOuterDisposeScope();
    }

    private void Check(Tensor ids)
    {
        if (ids.device_type != DeviceType.CPU || ids.numel() == 0)
        {
            return;
        }

        using var smallest = ids.min();
        using var largest = ids.max();
        var outside = smallest.item<long>() < 0 ? smallest.item<long>() : largest.item<long>();
        if (outside < 0 || outside >= _count)
        {
            throw new GenerationException($"token id {outside} is outside the vocabulary: expected 0 to {_count - 1}");
        }
    }
}
