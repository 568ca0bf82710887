namespace Moesaic.Kernels;

/// <summary>What the PTX of a streamed product is written with: its tile, its operands, and what plain and coded weights share.</summary>
internal sealed class ProductWriter
{
    private readonly PtxWriter _writer;
    private readonly string[] _rows;
    private readonly string[] _tokens;
    private readonly string[] _sums;
    private readonly string _unit;
    private readonly bool _waits;

    /// <param name="writer">Of the call.</param>
    /// <param name="waits">Tokens are there only when the launches ahead have ended.</param>
    internal ProductWriter(PtxWriter writer, bool waits)
    {
        (_writer, _waits) = (writer, waits);
        const int element = 2, weights = 3, tile = 4;
        Element = writer.StaticOf<string>(element, nameof(IElement.PtxName));
        (Bits, UnitColumns) = (writer.StaticOf<int>(weights, nameof(IStreamedWeights.Bits)), writer.StaticOf<int>(weights, nameof(IStreamedWeights.UnitColumns)));
        (RowTiles, TokenTiles) = (writer.StaticOf<int>(tile, nameof(IStreamTile.RowTiles)), writer.StaticOf<int>(tile, nameof(IStreamTile.TokenTiles)));
        Depth = writer.StaticOf<int>(tile, nameof(IStreamTile.Depth));
        (_rows, _tokens, _unit, Left) = (writer.Argument(1), writer.Argument(2), writer.Argument(3)[0], writer.Argument(4)[0]);
        _sums = waits ? writer.CopyToResult(0) : writer.ResultInPlace(0);
        if (_tokens.Length != TokenTiles || _sums.Length != RowTiles * TokenTiles * 4)
        {
            throw new KernelCompilationException($"a tile of {RowTiles} by {TokenTiles}: {_sums.Length} sums and {_tokens.Length} tokens do not fit");
        }
    }

    internal string Element { get; }

    internal int Bits { get; }

    internal int UnitColumns { get; }

    internal int RowTiles { get; }

    internal int TokenTiles { get; }

    internal int Depth { get; }

    /// <summary>Columns, in all lanes the same.</summary>
    internal string Left { get; }

    /// <summary>Bytes from a scale to the next.</summary>
    internal string ScaleUnit => _rows[6];

    /// <summary>A label behind it all.</summary>
    internal string End => $"Multiplied_{_writer.Id}";

    internal void Line(string text) => _writer.Line(text);

    /// <summary>Addresses row0, row1 … of the unit's weight rows, r and r + 8 of each tile in turn.</summary>
    internal void Rows()
    {
        Line($".reg .b64 row<{2 * RowTiles}>;");
        Line($"mad.wide.s32 row0, {_unit}, {UnitColumns * Bits / 8}, {_rows[0]}; add.s64 row1, row0, {_rows[2]};");
        Next("row", _rows[1]);
    }

    /// <summary>Addresses scale0, scale1 … of their scales.</summary>
    internal void Scales()
    {
        Line($".reg .b64 scale<{2 * RowTiles}>;");
        Line($"{{ .reg .b64 wide; cvt.s64.s32 wide, {_unit}; mad.lo.s64 scale0, wide, {_rows[6]}, {_rows[3]}; }} add.s64 scale1, scale0, {_rows[5]};");
        Next("scale", _rows[4]);
    }

    /// <summary>Addresses token0, token1 … of the lane's tokens.</summary>
    internal void Tokens()
    {
        if (_waits)
        {
            EarlyStart.WriteWaitForInput(_writer);
        }

        Line($".reg .b64 token<{TokenTiles}>;");
        for (var i = 0; i < TokenTiles; i++)
        {
            Line($"mad.wide.s32 token{i}, {_unit}, {UnitColumns * 2}, {_tokens[i]};");
        }
    }

    /// <summary>Sums of a tile of rows and of tokens.</summary>
    internal string[] Sums(int rowTile, int tokenTile) => _sums[(((rowTile * TokenTiles) + tokenTile) * 4)..][..4];

    /// <summary>Sixteen bytes of a weight row, of which each is read once.</summary>
    internal static string LoadWeights(string registers, string address) => $"ld.global.nc.L1::no_allocate.L2::128B.v4.b32 {registers}, [{address}];";

    /// <summary>A product of 16 rows, 8 tokens and 16 columns, added to what is there.</summary>
    internal string Multiply(IEnumerable<string> sums, string a, string b)
    {
        var d = $"{{{string.Join(',', sums)}}}";
        return $"mma.sync.aligned.m16n8k16.row.col.f32.{Element}.{Element}.f32 {d}, {{{a}}}, {{{b}}}, {d};";
    }

    /// <summary>Four registers that follow each other.</summary>
    internal static string Four(string name, int index) => $"{{{name}{4 * index},{name}{(4 * index) + 1},{name}{(4 * index) + 2},{name}{(4 * index) + 3}}}";

    private void Next(string name, string stride)
    {
        for (var j = 2; j < 2 * RowTiles; j++)
        {
            Line($"add.s64 {name}{j}, {name}{j - 2}, {stride};");
        }
    }
}
