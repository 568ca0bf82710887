using ILGPU;
using ILGPU.IR.Intrinsics;

namespace Moesaic.Kernels;

/// <summary>Weight rows times tokens, weights read once and straight into the registers of the tensor cores.</summary>
/// <remarks>
/// One load is 64 bytes of a row: 32 columns of 16 bits, 64 of 8, 128 of 4. Lane 4 r + q loads 16 bytes of weight rows r and r + 8, and
/// the columns that are in them of token r; at 16 bits
/// <code>
///   columns   0 … 7     8 … 15    16 … 23   24 … 31
///   row r     lane 4r   lane 4r+1 lane 4r+2 lane 4r+3        a line of 64 bytes
/// </code>
/// These are the fragments of m16n8k16 products whose columns are permuted, in the same way for weights and tokens; a sum over
/// columns does not see it. So there is no shared memory and no shuffle between memory and tensor core. Tokens that a tile lacks cost
/// no memory traffic: their lanes read a token that is there, and their sums are dropped.
/// </remarks>
internal static class StreamProduct
{
    /// <summary>Bytes from the beginning of a token to where a lane reads it first.</summary>
    internal static long TokenOffset<TWeights>(int quarter)
        where TWeights : struct, IStreamedWeights => 256L / TWeights.Bits * quarter;

    /// <summary>Columns from a unit on that a warp has to multiply, which ends at another unit.</summary>
    internal static int ColumnsLeft<TWeights>(int unit, int end, int columns)
        where TWeights : struct, IStreamedWeights
    {
        var last = end * TWeights.UnitColumns;
        return (last < columns ? last : columns) - (unit * TWeights.UnitColumns);
    }

    /// <summary>The sums of a warp: its part of the columns.</summary>
    internal static TSums OfWarp<TSums, TTokens, TElement, TWeights, TTile>(WeightRows rows, TTokens tokens, int columns)
        where TSums : struct
        where TTokens : struct
        where TElement : struct, IElement
        where TWeights : struct, IStreamedWeights
        where TTile : struct, IStreamTile
    {
        var (unit, end) = UnitsOfWarp<TWeights, TTile>(columns);
        return AddAll<TSums, TTokens, TElement, TWeights, TTile>(default, rows, tokens, unit, end, columns);
    }

    /// <summary>The same; the first weights are on their way while it waits for what the launches ahead wrote, the tokens.</summary>
    internal static TSums OfWarpWhenReady<TSums, TTokens, TElement, TWeights, TTile>(WeightRows rows, TTokens tokens, int columns)
        where TSums : struct
        where TTokens : struct
        where TElement : struct, IElement
        where TWeights : struct, IStreamedWeights
        where TTile : struct, IStreamTile
    {
        var (unit, end) = UnitsOfWarp<TWeights, TTile>(columns);
        TSums sums = default;
        if (unit < end)
        {
            sums = AddWhenReady<TSums, TTokens, TElement, TWeights, TTile>(sums, rows, tokens, unit, ColumnsLeft<TWeights>(unit, end, columns));
        }

        EarlyStart.WaitForInput();
        return AddAll<TSums, TTokens, TElement, TWeights, TTile>(sums, rows, tokens, unit + TTile.Depth, end, columns);
    }

    /// <summary>Adds <see cref="IStreamTile.Depth"/> units of columns, or as many as are left.</summary>
    /// <param name="sums">[RowTiles, TokenTiles] tiles of 16 by 8.</param>
    /// <param name="rows">The lane's weights.</param>
    /// <param name="tokens">The lane's first 16 bytes of its token of each token tile: addresses.</param>
    /// <param name="unit">The first of them.</param>
    /// <param name="left">Columns; the same in all lanes.</param>
    [PtxMacro(typeof(StreamProduct), nameof(WriteNow)), IntrinsicImplementation]
    internal static TSums Add<TSums, TTokens, TElement, TWeights, TTile>(TSums sums, WeightRows rows, TTokens tokens, int unit, int left)
        where TSums : struct
        where TTokens : struct
        where TElement : struct, IElement
        where TWeights : struct, IStreamedWeights
        where TTile : struct, IStreamTile => throw new NotSupportedException("only in PTX");

    /// <summary>The same, the first of a launch: the weights are on their way while it waits for what the launches ahead wrote, the tokens.</summary>
    [PtxMacro(typeof(StreamProduct), nameof(WriteWhenReady)), IntrinsicImplementation]
    internal static TSums AddWhenReady<TSums, TTokens, TElement, TWeights, TTile>(TSums sums, WeightRows rows, TTokens tokens, int unit, int left)
        where TSums : struct
        where TTokens : struct
        where TElement : struct, IElement
        where TWeights : struct, IStreamedWeights
        where TTile : struct, IStreamTile => throw new NotSupportedException("only in PTX");

    /// <summary>Writes a lane's sums to shared memory, 32 lanes beside each other: value v at <paramref name="address"/> + 128 v.</summary>
    [PtxMacro(typeof(StreamProduct), nameof(WriteStore)), IntrinsicImplementation]
    internal static void Store<TSums>(TSums sums, uint address)
        where TSums : struct => throw new NotSupportedException("only in PTX");

    /// <summary>The units from the warp's first one to the first of the next warp.</summary>
    private static (int First, int End) UnitsOfWarp<TWeights, TTile>(int columns)
        where TWeights : struct, IStreamedWeights
        where TTile : struct, IStreamTile
    {
        var (warp, units) = (Group.IdxX >> 5, (columns + TWeights.UnitColumns - 1) / TWeights.UnitColumns);
        return (warp * units / TTile.Warps, (warp + 1) * units / TTile.Warps);
    }

    private static TSums AddAll<TSums, TTokens, TElement, TWeights, TTile>(TSums sums, WeightRows rows, TTokens tokens, int unit, int end, int columns)
        where TSums : struct
        where TTokens : struct
        where TElement : struct, IElement
        where TWeights : struct, IStreamedWeights
        where TTile : struct, IStreamTile
    {
        for (; unit < end; unit += TTile.Depth)
        {
            sums = Add<TSums, TTokens, TElement, TWeights, TTile>(sums, rows, tokens, unit, ColumnsLeft<TWeights>(unit, end, columns));
        }

        return sums;
    }

    private static void WriteNow(PtxWriter writer) => Write(writer, waits: false);

    private static void WriteWhenReady(PtxWriter writer) => Write(writer, waits: true);

    private static void Write(PtxWriter writer, bool waits)
    {
        var product = new ProductWriter(writer, waits);
        writer.Line("{");
        if (product.Bits == 16)
        {
            PlainProduct.Write(product);
            writer.Line("}");
            return;
        }

        CodedProduct.Write(product);
        writer.Line("}");
        writer.Line($"{product.End}:");
    }

    private static void WriteStore(PtxWriter writer)
    {
        var (sums, address) = (writer.Argument(0), writer.Argument(1)[0]);
        for (var v = 0; v < sums.Length; v++)
        {
            writer.Line($"st.shared.f32 [{address}+{v * 128}], {sums[v]};");
        }
    }
}
