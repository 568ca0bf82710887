using System.Reflection;
using ILGPU.IR.Intrinsics;

namespace Moesaic.Kernels;

/// <summary>Weight rows times tokens, weights read once and straight into the registers of the tensor cores.</summary>
/// <remarks>
/// One step is 32 columns. Lane 4 r + q loads 16 bytes of weight rows r and r + 8 and of token r, columns 8 q to 8 q + 7:
/// <code>
///   columns   0 … 7     8 … 15    16 … 23   24 … 31
///   row r     lane 4r   lane 4r+1 lane 4r+2 lane 4r+3        a line of 64 bytes
/// </code>
/// These are the fragments of two m16n8k16 products whose columns are permuted, in the same way for weights and tokens; a sum over
/// columns does not see it. So there is no shared memory and no shuffle between memory and tensor core. Tokens that a tile lacks cost
/// no memory traffic: their lanes read a token that is there, and their sums are dropped.
/// </remarks>
internal static class StreamProduct
{
    internal const int StepColumns = 32;

    internal const int StepBytes = 64;

    /// <summary>Adds <see cref="IStreamTile.Depth"/> steps, or <paramref name="left"/> where fewer are left.</summary>
    /// <param name="sums">[RowTiles, TokenTiles] tiles of 16 by 8.</param>
    /// <param name="weights">The lane's first 16 bytes: row r of the first tile.</param>
    /// <param name="tileStride">Bytes from a tile's row r to that of the next tile.</param>
    /// <param name="pairStride">Bytes from row r of a tile to row r + 8, wherever that lies.</param>
    /// <param name="tokens">The lane's first 16 bytes of its token of each token tile: addresses.</param>
    /// <param name="offset">Bytes to skip in all rows.</param>
    [PtxMacro(typeof(StreamProduct), nameof(WriteStep)), IntrinsicImplementation]
    internal static TSums Step<TSums, TTokens, TTile>(
        TSums sums, long weights, long tileStride, long pairStride, TTokens tokens, long offset, int left)
        where TSums : struct
        where TTokens : struct
        where TTile : struct, IStreamTile => throw new NotSupportedException("only in PTX");

    /// <summary>Writes a lane's sums to shared memory, 32 lanes beside each other: value v at <paramref name="address"/> + 128 v.</summary>
    [PtxMacro(typeof(StreamProduct), nameof(WriteStore)), IntrinsicImplementation]
    internal static void Store<TSums>(TSums sums, uint address)
        where TSums : struct => throw new NotSupportedException("only in PTX");

    private static void WriteStep(PtxWriter writer)
    {
        var tile = writer.Method.GetGenericArguments()[2];
        var (rowTiles, tokenTiles, depth) = (Number(tile, nameof(IStreamTile.RowTiles)), Number(tile, nameof(IStreamTile.TokenTiles)), Number(tile, nameof(IStreamTile.Depth)));
        var (weights, tileStride, pairStride) = (writer.Argument(1)[0], writer.Argument(2)[0], writer.Argument(3)[0]);
        var (tokens, offset, left) = (writer.Argument(4), writer.Argument(5)[0], writer.Argument(6)[0]);
        var sums = writer.ResultInPlace(0);
        if (tokens.Length != tokenTiles || sums.Length != rowTiles * tokenTiles * 4)
        {
            throw new KernelCompilationException($"{tile.Name}: {sums.Length} sums and {tokens.Length} tokens do not fit the tile");
        }

        writer.Line("{");
        writer.Line($".reg .pred step<{depth}>; .reg .b64 row<{2 * rowTiles}>, token<{tokenTiles}>; .reg .b32 a<{depth * rowTiles * 8}>, b<{depth * tokenTiles * 4}>;");

        // Load: all of the weights first, which come from afar.
        writer.Line($"add.s64 row0, {weights}, {offset}; add.s64 row1, row0, {pairStride};");
        for (var j = 1; j < rowTiles; j++)
        {
            writer.Line($"add.s64 row{2 * j}, row{(2 * j) - 2}, {tileStride}; add.s64 row{(2 * j) + 1}, row{(2 * j) - 1}, {tileStride};");
        }

        for (var step = 0; step < depth; step++)
        {
            writer.Line($"setp.gt.s32 step{step}, {left}, {step};");
            for (var row = 0; row < 2 * rowTiles; row++)
            {
                writer.Line($"@step{step} ld.global.nc.L1::no_allocate.L2::128B.v4.b32 {Four("a", (step * rowTiles * 2) + row)}, [row{row}+{step * StepBytes}];");
            }
        }

        for (var i = 0; i < tokenTiles; i++)
        {
            writer.Line($"add.s64 token{i}, {tokens[i]}, {offset};");
            for (var step = 0; step < depth; step++)
            {
                writer.Line($"@step{step} ld.global.v4.b32 {Four("b", (step * tokenTiles) + i)}, [token{i}+{step * StepBytes}];");
            }
        }

        // Multiply.
        for (var step = 0; step < depth; step++)
        {
            for (var j = 0; j < rowTiles; j++)
            {
                for (var i = 0; i < tokenTiles; i++)
                {
                    var d = $"{{{string.Join(',', sums.AsSpan(((j * tokenTiles) + i) * 4, 4).ToArray())}}}";
                    var (low, high) = (((step * rowTiles) + j) * 8, (((step * rowTiles) + j) * 8) + 4);
                    var b = ((step * tokenTiles) + i) * 4;
                    for (var half = 0; half < 4; half += 2)
                    {
                        writer.Line($"@step{step} mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {d}, "
                            + $"{{a{low + half},a{high + half},a{low + half + 1},a{high + half + 1}}}, {{b{b + half},b{b + half + 1}}}, {d};");
                    }
                }
            }
        }

        writer.Line("}");
    }

    private static void WriteStore(PtxWriter writer)
    {
        var (sums, address) = (writer.Argument(0), writer.Argument(1)[0]);
        for (var v = 0; v < sums.Length; v++)
        {
            writer.Line($"st.shared.f32 [{address}+{v * 128}], {sums[v]};");
        }
    }

    private static int Number(Type tile, string name) => (int)tile.GetProperty(name, BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!;

    private static string Four(string name, int index) => $"{{{name}{4 * index},{name}{(4 * index) + 1},{name}{(4 * index) + 2},{name}{(4 * index) + 3}}}";
}
