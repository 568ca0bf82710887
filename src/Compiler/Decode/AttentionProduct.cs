using ILGPU.IR.Intrinsics;

namespace Moesaic.Kernels;

/// <summary>The products of attention for one token and up to eight query heads, with keys and values straight in the registers of the tensor cores.</summary>
/// <remarks>
/// A step is 16 positions. Lane 4 g + t has, of a head of d dimensions,
/// <code>
///   queries  head g        dimensions 32 j + 8 t … + 7, of each j       the left factor of scores; the rows of heads 8 … 15 are zero
///   keys     positions g, g + 8, the same dimensions                     the right factor
///   scores   head g        positions 2 t, 2 t + 1, 2 t + 8, 2 t + 9     as the product leaves them, and as the right factor of sums wants them
///   values   positions 2 t, 2 t + 1, 2 t + 8, 2 t + 9                    dimensions g d / 8 … + d / 8 - 1: the left factor, transposed
///   sums     heads 2 t, 2 t + 1     dimensions g d / 8 + 2 i, + 1        of each i below d / 16
/// </code>
/// Dimensions of queries and keys are permuted in the same way, which a sum over them does not see.
/// </remarks>
internal static class AttentionProduct
{
    internal const int Positions = 16;

    /// <summary>Keys of 16 positions: two positions of the lane, d / 32 pieces of 16 bytes each.</summary>
    /// <param name="address">The lane's first piece.</param>
    /// <param name="stride">Bytes from a position to the eighth after it.</param>
    [PtxMacro(typeof(AttentionProduct), nameof(WriteLoadKeys)), IntrinsicImplementation]
    internal static TRows LoadKeys<TRows>(long address, long stride)
        where TRows : struct => throw new NotSupportedException("only in PTX");

    /// <summary>Values of 16 positions: four positions of the lane, d / 64 pieces of 16 bytes each.</summary>
    /// <param name="address">The lane's first piece.</param>
    /// <param name="rowBytes">Bytes from a position to the next.</param>
    [PtxMacro(typeof(AttentionProduct), nameof(WriteLoadValues)), IntrinsicImplementation]
    internal static TRows LoadValues<TRows>(long address, long rowBytes)
        where TRows : struct => throw new NotSupportedException("only in PTX");

    /// <summary>Queries, from shared memory: d / 32 pieces of 16 bytes.</summary>
    [PtxMacro(typeof(AttentionProduct), nameof(WriteLoadQueries)), IntrinsicImplementation]
    internal static TRows LoadQueries<TRows>(uint address)
        where TRows : struct => throw new NotSupportedException("only in PTX");

    /// <summary>q · k for the lane's head and its four positions.</summary>
    [PtxMacro(typeof(AttentionProduct), nameof(WriteScores)), IntrinsicImplementation]
    internal static Sums4 Scores<TQueries, TKeys>(TQueries queries, TKeys keys)
        where TQueries : struct
        where TKeys : struct => throw new NotSupportedException("only in PTX");

    /// <summary>Multiplies all that there is, of the even and of the odd of the lane's two heads.</summary>
    [PtxMacro(typeof(AttentionProduct), nameof(WriteScale)), IntrinsicImplementation]
    internal static TSums Scale<TSums>(TSums sums, float even, float odd)
        where TSums : struct => throw new NotSupportedException("only in PTX");

    /// <summary>Adds the values, each times its weight: two weights of bf16 in a register.</summary>
    [PtxMacro(typeof(AttentionProduct), nameof(WriteWeigh)), IntrinsicImplementation]
    internal static TSums Weigh<TSums, TValues>(TSums sums, TValues values, uint low, uint high)
        where TSums : struct
        where TValues : struct => throw new NotSupportedException("only in PTX");

    private static void WriteLoadKeys(PtxWriter writer)
    {
        var (address, stride, rows) = (writer.Argument(0)[0], writer.Argument(1)[0], writer.Result());
        var pieces = rows.Length / 8;
        writer.Line("{");
        writer.Line($".reg .b64 second; add.s64 second, {address}, {stride};");
        for (var i = 0; i < 2 * pieces; i++)
        {
            writer.Line($"ld.global.v4.b32 {Four(rows, i)}, [{(i < pieces ? address : "second")}+{i % pieces * 64}];");
        }

        writer.Line("}");
    }

    private static void WriteLoadValues(PtxWriter writer)
    {
        var (address, rowBytes, rows) = (writer.Argument(0)[0], writer.Argument(1)[0], writer.Result());
        var pieces = rows.Length / 16;
        writer.Line("{");
        writer.Line($".reg .b64 row<4>; mov.b64 row0, {address}; add.s64 row1, row0, {rowBytes}; mad.lo.s64 row2, {rowBytes}, 8, row0; add.s64 row3, row2, {rowBytes};");
        for (var i = 0; i < 4 * pieces; i++)
        {
            writer.Line($"ld.global.v4.b32 {Four(rows, i)}, [row{i / pieces}+{i % pieces * 16}];");
        }

        writer.Line("}");
    }

    private static void WriteLoadQueries(PtxWriter writer)
    {
        var (address, rows) = (writer.Argument(0)[0], writer.Result());
        for (var i = 0; i < rows.Length / 4; i++)
        {
            writer.Line($"ld.shared.v4.b32 {Four(rows, i)}, [{address}+{i * 64}];");
        }
    }

    private static void WriteScores(PtxWriter writer)
    {
        var (queries, keys, scores) = (writer.Argument(0), writer.Argument(1), writer.Result());
        writer.Line("{");
        writer.Line(".reg .f32 c<8>; .reg .b32 none; mov.b32 none, 0;");
        for (var i = 0; i < 8; i++)
        {
            writer.Line($"mov.f32 c{i}, 0f00000000;");
        }

        for (var k = 0; k < queries.Length; k += 2)
        {
            for (var tile = 0; tile < 2; tile++)
            {
                var sums = $"{{c{4 * tile},c{(4 * tile) + 1},c{(4 * tile) + 2},c{(4 * tile) + 3}}}";
                var key = (tile * queries.Length) + k;
                writer.Line($"mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {sums}, {{{queries[k]},none,{queries[k + 1]},none}}, {{{keys[key]},{keys[key + 1]}}}, {sums};");
            }
        }

        writer.Line($"mov.f32 {scores[0]}, c0; mov.f32 {scores[1]}, c1; mov.f32 {scores[2]}, c4; mov.f32 {scores[3]}, c5;");
        writer.Line("}");
    }

    private static void WriteScale(PtxWriter writer)
    {
        var factors = new[] { writer.Argument(1)[0], writer.Argument(2)[0] };
        var sums = writer.ResultInPlace(0);
        for (var i = 0; i < sums.Length; i++)
        {
            writer.Line($"mul.f32 {sums[i]}, {sums[i]}, {factors[i % 2]};");
        }
    }

    private static void WriteWeigh(PtxWriter writer)
    {
        var (values, low, high) = (writer.Argument(1), writer.Argument(2)[0], writer.Argument(3)[0]);
        var sums = writer.ResultInPlace(0);
        var tiles = sums.Length / 4;
        writer.Line("{");
        writer.Line(".reg .b32 a<4>;");
        for (var i = 0; i < tiles; i++)
        {
            // Neighbouring positions of one dimension, in one register.
            writer.Line($"prmt.b32 a0, {values[i]}, {values[tiles + i]}, 0x5410; prmt.b32 a1, {values[i]}, {values[tiles + i]}, 0x7632;");
            writer.Line($"prmt.b32 a2, {values[(2 * tiles) + i]}, {values[(3 * tiles) + i]}, 0x5410; prmt.b32 a3, {values[(2 * tiles) + i]}, {values[(3 * tiles) + i]}, 0x7632;");
            writer.Line($"mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {Four(sums, i)}, {{a0,a1,a2,a3}}, {{{low},{high}}}, {Four(sums, i)};");
        }

        writer.Line("}");
    }

    private static string Four(string[] registers, int index) => $"{{{string.Join(',', registers.AsSpan(4 * index, 4).ToArray())}}}";
}
