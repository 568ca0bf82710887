namespace Moesaic.Kernels;

/// <summary>The PTX of a streamed product whose weights are codes of 8 or 4 bits: they become bf16 between memory and tensor core.</summary>
/// <remarks>
/// A unit is 128 columns, one lane's part of it 32: at 8 bits two loads of 16 columns, 64 apart; at 4 bits one. A lane for which no column
/// is left has zeros for weights and tokens. The scale of an e4m3 unit multiplies its sums, which is as exact as they are; that of an e2m1
/// block multiplies the weights, which is exact.
/// </remarks>
internal static class CodedProduct
{
    // Registers of a lane's tokens in a unit: 32 columns.
    private const int TokenRegisters = 16;

    internal static void Write(ProductWriter writer)
    {
        var (isE4M3, rows, depth, tokenTiles) = (writer.Bits == 8, 2 * writer.RowTiles, writer.Depth, writer.TokenTiles);
        var loads = isE4M3 ? 2 : 1;
        writer.Line($".reg .pred unit<{depth}>, lane<{depth * loads}>; .reg .b32 code<{depth * loads * rows * 4}>, factor<{depth * rows}>;");
        writer.Line($".reg .b32 b<{tokenTiles * TokenRegisters}>, a<8>, signs, bits, minusZero, rebase, mine; .reg .f32 part<{tokenTiles * 4}>;");
        writer.Line($"mov.b32 minusZero, 0x80008000; mov.b32 rebase, 0x{CodeDecoding.RebaseOfE4M3:x8};");
        writer.Line($"mov.u32 mine, %tid.x; and.b32 mine, mine, 3; mul.lo.s32 mine, mine, {128 / writer.Bits}; sub.s32 mine, {writer.Left}, mine;");
        Load(writer, loads);
        writer.Tokens();
        for (var unit = 0; unit < depth; unit++)
        {
            // Every warp ends as a whole: what is left of a row is the same in all lanes.
            writer.Line($"@!unit{unit} bra {writer.End};");
            LoadTokens(writer, unit, loads);
            for (var j = 0; j < writer.RowTiles; j++)
            {
                if (isE4M3)
                {
                    MultiplyE4M3(writer, unit, j);
                }
                else
                {
                    MultiplyE2M1(writer, unit, j);
                }
            }
        }
    }

    /// <summary>All codes and scales, which come from afar: code[unit, load, row, 4] and factor[unit, row].</summary>
    private static void Load(ProductWriter writer, int loads)
    {
        var rows = 2 * writer.RowTiles;
        writer.Rows();
        writer.Scales();
        for (var unit = 0; unit < writer.Depth; unit++)
        {
            writer.Line($"setp.gt.s32 unit{unit}, {writer.Left}, {unit * writer.UnitColumns};");
            for (var load = unit * loads; load < (unit + 1) * loads; load++)
            {
                writer.Line($"setp.gt.s32 lane{load}, mine, {load * writer.UnitColumns / loads};");
                for (var row = 0; row < rows; row++)
                {
                    var codes = (load * rows) + row;
                    Clear(writer, "code", codes);
                    writer.Line($"@lane{load} {ProductWriter.LoadWeights(ProductWriter.Four("code", codes), $"row{row}+{load * 64}")}");
                }
            }

            for (var row = 0; row < rows; row++)
            {
                LoadFactor(writer, unit, row);
            }
        }
    }

    private static void LoadFactor(ProductWriter writer, int unit, int row)
    {
        var factor = $"factor{(unit * 2 * writer.RowTiles) + row}";
        if (writer.Bits == 4)
        {
            writer.Line($"mov.b32 {factor}, 0;");
            writer.Line($"@lane{unit} ld.global.nc.u8 {factor}, [scale{row}+{4 * unit}];");
            return;
        }

        // The step from a scale to the next is a number of the launch.
        writer.Line($"@unit{unit} ld.global.nc.b32 {factor}, [scale{row}];");
        if (unit + 1 < writer.Depth)
        {
            writer.Line($"add.s64 scale{row}, scale{row}, {writer.ScaleUnit};");
        }
    }

    /// <summary>The lane's columns of its tokens, as the codes lie: b[tile, 16].</summary>
    private static void LoadTokens(ProductWriter writer, int unit, int loads)
    {
        for (var i = 0; i < writer.TokenTiles; i++)
        {
            for (var piece = 0; piece < 4; piece++)
            {
                // At 8 bits two pieces belong to each load of codes, and the second load is 64 columns on.
                var (load, within) = loads == 2 ? (piece / 2, piece % 2) : (0, piece);
                var four = (i * 4) + piece;
                Clear(writer, "b", four);
                writer.Line($"@lane{(unit * loads) + load} ld.global.v4.b32 {ProductWriter.Four("b", four)}, [token{i}+{(unit * 256) + (load * 128) + (within * 16)}];");
                Pair(writer, four * 4, isE4M3: loads == 2);
            }
        }
    }

    /// <summary>Eight columns in four registers, into the pairs that decoding gives.</summary>
    private static void Pair(ProductWriter writer, int b, bool isE4M3)
    {
        var other = isE4M3 ? 1 : 2; // (c0, c2), (c1, c3) of each four; or (c0, c4), (c1, c5), (c2, c6), (c3, c7).
        int[] firsts = isE4M3 ? [b, b + 2] : [b, b + 1];
        foreach (var first in firsts)
        {
            writer.Line($"prmt.b32 bits, b{first}, b{first + other}, 0x5410; prmt.b32 signs, b{first}, b{first + other}, 0x7632; mov.b32 b{first}, bits; mov.b32 b{first + other}, signs;");
        }
    }

    private static void MultiplyE4M3(ProductWriter writer, int unit, int rowTile)
    {
        var rows = 2 * writer.RowTiles;
        for (var i = 0; i < writer.TokenTiles * 4; i++)
        {
            writer.Line($"mov.f32 part{i}, 0f00000000;");
        }

        for (var word = 0; word < 8; word++)
        {
            // Codes of rows r and r + 8; four columns of each.
            var code = ((((unit * 2) + (word / 4)) * rows) + (2 * rowTile)) * 4 + (word % 4);
            Lines(writer, CodeDecoding.E4M3($"code{code}", "a0", "a2", "rebase", "minusZero"));
            Lines(writer, CodeDecoding.E4M3($"code{code + 4}", "a1", "a3", "rebase", "minusZero"));
            for (var i = 0; i < writer.TokenTiles; i++)
            {
                var b = (i * TokenRegisters) + (2 * word);
                writer.Line(writer.Multiply(Enumerable.Range(4 * i, 4).Select(static part => $"part{part}"), "a0,a1,a2,a3", $"b{b},b{b + 1}"));
            }
        }

        var factor = (unit * rows) + (2 * rowTile);
        for (var i = 0; i < writer.TokenTiles; i++)
        {
            var sums = writer.Sums(rowTile, i);
            for (var v = 0; v < 4; v++)
            {
                writer.Line($"{{ .reg .f32 scale; mov.b32 scale, factor{factor + (v / 2)}; fma.rn.f32 {sums[v]}, part{(4 * i) + v}, scale, {sums[v]}; }}");
            }
        }
    }

    private static void MultiplyE2M1(ProductWriter writer, int unit, int rowTile)
    {
        var rows = 2 * writer.RowTiles;
        var factor = (unit * rows) + (2 * rowTile);
        for (var row = 0; row < 2; row++)
        {
            writer.Line($"mad.lo.u32 factor{factor + row}, factor{factor + row}, 0x{CodeDecoding.ExponentOfE2M1:x8}, 0x{CodeDecoding.RebaseOfE2M1:x8};");
        }

        for (var word = 0; word < 4; word++)
        {
            // Codes of rows r and r + 8; eight columns of each, two products.
            var code = (((unit * rows) + (2 * rowTile)) * 4) + word;
            Lines(writer, CodeDecoding.E2M1($"code{code}", ["a0", "a2", "a4", "a6"], $"factor{factor}", "minusZero"));
            Lines(writer, CodeDecoding.E2M1($"code{code + 4}", ["a1", "a3", "a5", "a7"], $"factor{factor + 1}", "minusZero"));
            for (var i = 0; i < writer.TokenTiles; i++)
            {
                // Pairs (c0, c4), (c2, c6), (c1, c5), (c3, c7) of tokens lie in this order.
                var b = (i * TokenRegisters) + (4 * word);
                writer.Line(writer.Multiply(writer.Sums(rowTile, i), "a0,a1,a2,a3", $"b{b},b{b + 2}"));
                writer.Line(writer.Multiply(writer.Sums(rowTile, i), "a4,a5,a6,a7", $"b{b + 1},b{b + 3}"));
            }
        }
    }

    private static void Lines(ProductWriter writer, IEnumerable<string> lines) => writer.Line(string.Join(' ', lines));

    private static void Clear(ProductWriter writer, string name, int four)
    {
        writer.Line($"mov.b32 {name}{4 * four}, 0; mov.b32 {name}{(4 * four) + 1}, 0; mov.b32 {name}{(4 * four) + 2}, 0; mov.b32 {name}{(4 * four) + 3}, 0;");
    }
}
