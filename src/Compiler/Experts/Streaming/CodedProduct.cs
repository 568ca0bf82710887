namespace Moesaic.Kernels;

/// <summary>The PTX of a streamed product whose weights are codes of 8 or 4 bits: they become bf16 between memory and tensor core.</summary>
/// <remarks>
/// A unit is 128 columns, one lane's part of it 32: at 8 bits two loads of 16 columns, 64 apart; at 4 bits one. A lane for which no column
/// is left has zeros for tokens, and for weights whatever number is there. The scale of an e4m3 unit multiplies its sums, which is as exact
/// as they are; that of an e2m1 block multiplies the weights, which is exact.
/// </remarks>
internal sealed class CodedProduct
{
    // Sixteen bytes of a token: 8 columns. A lane has four such pieces in a unit.
    private const int Pieces = 4;

    private readonly ProductWriter _writer;
    private readonly bool _isE4M3;
    private readonly int _rows;
    private readonly int _loads;

    private CodedProduct(ProductWriter writer) =>
        (_writer, _isE4M3, _rows, _loads) = (writer, writer.Bits == 8, 2 * writer.RowTiles, writer.Bits == 8 ? 2 : 1);

    internal static void Write(ProductWriter writer) => new CodedProduct(writer).Write();

    private void Write()
    {
        var (depth, tiles) = (_writer.Depth, _writer.RowTiles * _writer.TokenTiles);
        _writer.Line($".reg .pred unit<{depth}>, lane<{depth * _loads}>; .reg .b32 code<{depth * _loads * _rows * 4}>, factor<{depth * _rows}>;");
        _writer.Line($".reg .b32 a<8>, b<{_writer.TokenTiles * 4}>, signs, bits, minusZero, rebase, mine; .reg .f32 part<{tiles * 4}>;");
        _writer.Line($"mov.b32 minusZero, 0x80008000; mov.b32 rebase, 0x{CodeDecoding.RebaseOfE4M3:x8};");
        _writer.Line($"mov.u32 mine, %tid.x; and.b32 mine, mine, 3; mul.lo.s32 mine, mine, {128 / _writer.Bits}; sub.s32 mine, {_writer.Left}, mine;");
        LoadWeights();
        _writer.Tokens();
        for (var unit = 0; unit < depth; unit++)
        {
            // Every warp ends as a whole: what is left of a row is the same in all lanes.
            _writer.Line($"@!unit{unit} bra {_writer.End};");
            Multiply(unit);
        }
    }

    /// <summary>All codes and scales, which come from afar: code[unit, load, row, 4] and factor[unit, row].</summary>
    private void LoadWeights()
    {
        _writer.Rows();
        _writer.Scales();
        for (var unit = 0; unit < _writer.Depth; unit++)
        {
            _writer.Line($"setp.gt.s32 unit{unit}, {_writer.Left}, {unit * _writer.UnitColumns};");
            for (var load = unit * _loads; load < (unit + 1) * _loads; load++)
            {
                _writer.Line($"setp.gt.s32 lane{load}, mine, {load * _writer.UnitColumns / _loads};");
                for (var row = 0; row < _rows; row++)
                {
                    _writer.Line($"@lane{load} {ProductWriter.LoadWeights(ProductWriter.Four("code", (load * _rows) + row), $"row{row}+{load * 64}")}");
                }
            }

            for (var row = 0; row < _rows; row++)
            {
                LoadFactor(unit, row);
            }
        }
    }

    private void LoadFactor(int unit, int row)
    {
        var factor = $"factor{(unit * _rows) + row}";
        if (!_isE4M3)
        {
            _writer.Line($"mov.b32 {factor}, 0;");
            _writer.Line($"@lane{unit} ld.global.nc.u8 {factor}, [scale{row}+{4 * unit}];");
            return;
        }

        // The step from a scale to the next is a number of the launch.
        _writer.Line($"@unit{unit} ld.global.nc.b32 {factor}, [scale{row}];");
        if (unit + 1 < _writer.Depth)
        {
            _writer.Line($"add.s64 scale{row}, scale{row}, {_writer.ScaleUnit};");
        }
    }

    private void Multiply(int unit)
    {
        if (_isE4M3)
        {
            for (var i = 0; i < _writer.RowTiles * _writer.TokenTiles * 4; i++)
            {
                _writer.Line($"mov.f32 part{i}, 0f00000000;");
            }
        }
        else
        {
            for (var factor = unit * _rows; factor < (unit + 1) * _rows; factor++)
            {
                _writer.Line($"mad.lo.u32 factor{factor}, factor{factor}, 0x{CodeDecoding.ExponentOfE2M1:x8}, 0x{CodeDecoding.RebaseOfE2M1:x8};");
            }
        }

        for (var piece = 0; piece < Pieces; piece++)
        {
            LoadTokens(unit, piece);
            for (var j = 0; j < _writer.RowTiles; j++)
            {
                if (_isE4M3)
                {
                    MultiplyE4M3(unit, piece, j);
                }
                else
                {
                    MultiplyE2M1(unit, piece, j);
                }
            }
        }

        for (var j = 0; _isE4M3 && j < _writer.RowTiles; j++)
        {
            Scale(unit, j);
        }
    }

    /// <summary>Eight columns of the lane's tokens: b[tile, 4].</summary>
    private void LoadTokens(int unit, int piece)
    {
        // At 8 bits two pieces belong to each load of codes, and the second load is 64 columns on.
        var (load, offset) = _isE4M3 ? (piece / 2, (piece / 2 * 128) + (piece % 2 * 16)) : (0, piece * 16);
        for (var i = 0; i < _writer.TokenTiles; i++)
        {
            var b = 4 * i;
            _writer.Line($"mov.b32 b{b}, 0; mov.b32 b{b + 1}, 0; mov.b32 b{b + 2}, 0; mov.b32 b{b + 3}, 0;");
            _writer.Line($"@lane{(unit * _loads) + load} ld.global.v4.b32 {ProductWriter.Four("b", i)}, [token{i}+{(unit * 256) + offset}];");
            if (_isE4M3)
            {
                // Columns (c0, c1), (c2, c3) as (c0, c2), (c1, c3), which is how codes are decoded.
                Pair(b);
                Pair(b + 2);
            }
        }
    }

    private void Pair(int b) =>
        _writer.Line($"prmt.b32 bits, b{b}, b{b + 1}, 0x5410; prmt.b32 b{b + 1}, b{b}, b{b + 1}, 0x7632; mov.b32 b{b}, bits;");

    private void MultiplyE4M3(int unit, int piece, int rowTile)
    {
        for (var word = 0; word < 2; word++)
        {
            // Codes of rows r and r + 8; four columns of each.
            var code = (((((unit * 2) + (piece / 2)) * _rows) + (2 * rowTile)) * 4) + (piece % 2 * 2) + word;
            Lines(CodeDecoding.E4M3($"code{code}", "a0", "a2", "rebase", "minusZero"));
            Lines(CodeDecoding.E4M3($"code{code + 4}", "a1", "a3", "rebase", "minusZero"));
            for (var i = 0; i < _writer.TokenTiles; i++)
            {
                _writer.Line(_writer.Multiply(Parts(rowTile, i), "a0,a1,a2,a3", $"b{(4 * i) + (2 * word)},b{(4 * i) + (2 * word) + 1}"));
            }
        }
    }

    private void MultiplyE2M1(int unit, int piece, int rowTile)
    {
        // Codes of rows r and r + 8; eight columns of each, two products.
        var row = (unit * _rows) + (2 * rowTile);
        Lines(CodeDecoding.E2M1($"code{(row * 4) + piece}", ["a0", "a2", "a4", "a6"], $"factor{row}", "minusZero"));
        Lines(CodeDecoding.E2M1($"code{(row * 4) + piece + 4}", ["a1", "a3", "a5", "a7"], $"factor{row + 1}", "minusZero"));
        for (var i = 0; i < _writer.TokenTiles; i++)
        {
            _writer.Line(_writer.Multiply(_writer.Sums(rowTile, i), "a0,a1,a2,a3", $"b{4 * i},b{(4 * i) + 1}"));
            _writer.Line(_writer.Multiply(_writer.Sums(rowTile, i), "a4,a5,a6,a7", $"b{(4 * i) + 2},b{(4 * i) + 3}"));
        }
    }

    private void Scale(int unit, int rowTile)
    {
        var factor = (unit * _rows) + (2 * rowTile);
        for (var i = 0; i < _writer.TokenTiles; i++)
        {
            var (sums, parts) = (_writer.Sums(rowTile, i), Parts(rowTile, i).ToArray());
            for (var v = 0; v < 4; v++)
            {
                _writer.Line($"{{ .reg .f32 scale; mov.b32 scale, factor{factor + (v / 2)}; fma.rn.f32 {sums[v]}, {parts[v]}, scale, {sums[v]}; }}");
            }
        }
    }

    private IEnumerable<string> Parts(int rowTile, int tokenTile) =>
        Enumerable.Range(((rowTile * _writer.TokenTiles) + tokenTile) * 4, 4).Select(static part => $"part{part}");

    private void Lines(IEnumerable<string> lines) => _writer.Line(string.Join(' ', lines));
}
