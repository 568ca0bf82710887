using System.Globalization;
using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>The part of a parameter that one checkpoint tensor fills, and how the tensor's elements lie in it.</summary>
/// <param name="RowDimension">The dimension of the parameter that <paramref name="Slice"/> halves and <paramref name="Interleaved"/> deals out.</param>
/// <param name="Expert">Index in the parameter's first dimension; null for all of it.</param>
internal sealed record WeightRegion(int RowDimension, int? Expert, WeightSlice Slice, bool Transposed, bool Interleaved, bool Flat)
{
    /// <summary>A parameter's own tensor: all of it, as it is.</summary>
    internal static WeightRegion All { get; } = new(0, null, WeightSlice.Whole, false, false, false);

    /// <summary>The tensor's bytes are the parameter's.</summary>
    internal bool IsSameBytes => this is { Expert: null, Slice: WeightSlice.Whole, Transposed: false, Interleaved: false };

    /// <summary>Whether parts of a tensor's first dimension are parts of the region's.</summary>
    /// <param name="rank">The tensor's dimensions.</param>
    internal bool KeepsFirstDimension(int rank) => rank > 2 || this is { Transposed: false, Interleaved: false };

    /// <summary>The dimension of the region, which lacks the experts' own if it is one expert's.</summary>
    private int Rows => RowDimension - (Expert is null ? 0 : 1);

    /// <summary>The shape of the tensor that fills this region of a parameter.</summary>
    internal long[] SourceShape(ReadOnlySpan<long> parameter)
    {
        var shape = UnflatShape(parameter);
        return Flat ? [shape[0] * shape[1], .. shape[2..]] : shape;
    }

    /// <summary>The region, as a view.</summary>
    internal Tensor Select(Tensor parameter)
    {
        var expert = Expert is { } index ? parameter.select(0, index) : parameter.alias();
        if (Slice == WeightSlice.Whole)
        {
            return expert;
        }

        using (expert)
        {
            var half = expert.shape[Rows] / 2;
            return expert.narrow(Rows, Slice == WeightSlice.FirstHalf ? 0 : half, half);
        }
    }

    /// <summary>The tensor in the order of the region, as a view; <paramref name="source"/> has <see cref="UnflatShape"/>.</summary>
    internal Tensor Arrange(Tensor source)
    {
        var rows = Transposed ? source.transpose(-1, -2) : source.alias();
        if (!Interleaved)
        {
            return rows;
        }

        using (rows)
        {
            using var pairs = rows.unflatten(Rows, -1, 2); // [F, 2]: a gate row, an up row
            return pairs.transpose(Rows, Rows + 1); // [2, F]: all gate rows, all up rows
        }
    }

    /// <summary>The region in the shape that <see cref="Arrange"/> gives.</summary>
    internal Tensor Pair(Tensor region) => Interleaved ? region.unflatten(Rows, 2, -1) : region.alias();

    /// <summary>The tensor that a checkpoint keeps for this region of a parameter, in the checkpoint's order and shape; a view where that is possible.</summary>
    internal Tensor Extract(Tensor parameter)
    {
        using var scope = NewDisposeScope();
        var region = Select(parameter);
        var rows = Interleaved ? Pair(region).transpose(Rows, Rows + 1).flatten(Rows, Rows + 1) : region;
        var stored = Transposed ? rows.transpose(-1, -2) : rows;
        return stored.reshape(SourceShape(parameter.shape)).MoveToOuterDisposeScope();
    }

    /// <summary>The shape of the tensor with the experts in a dimension of their own.</summary>
    internal long[] UnflatShape(ReadOnlySpan<long> parameter)
    {
        long[] shape = [.. parameter];
        if (Slice != WeightSlice.Whole)
        {
            shape[RowDimension] /= 2;
        }

        if (Expert is not null)
        {
            shape = shape[1..];
        }

        if (Transposed)
        {
            (shape[^1], shape[^2]) = (shape[^2], shape[^1]);
        }

        return shape;
    }

    /// <summary>For people: <c>[3], first half, transposed</c>; empty for a parameter's own tensor.</summary>
    public override string ToString()
    {
        string?[] parts =
        [
            Expert is { } index ? string.Create(CultureInfo.InvariantCulture, $"[{index}]") : null,
            Slice switch { WeightSlice.FirstHalf => "first half", WeightSlice.SecondHalf => "second half", _ => null },
            Flat ? "flat" : null,
            Transposed ? "transposed" : null,
            Interleaved ? "interleaved" : null,
        ];
        return string.Join(", ", parts.Where(part => part is not null));
    }
}
