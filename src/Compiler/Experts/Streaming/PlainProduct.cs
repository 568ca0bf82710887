namespace Moesaic.Kernels;

/// <summary>The PTX of a streamed product whose weights are what tensor cores take.</summary>
internal static class PlainProduct
{
    internal static void Write(ProductWriter writer)
    {
        var (rowTiles, tokenTiles, depth) = (writer.RowTiles, writer.TokenTiles, writer.Depth);
        writer.Line($".reg .pred unit<{depth}>; .reg .b32 a<{depth * rowTiles * 8}>, b<{depth * tokenTiles * 4}>;");

        // Load: all of the weights first, which come from afar.
        writer.Rows();
        for (var unit = 0; unit < depth; unit++)
        {
            writer.Line($"setp.gt.s32 unit{unit}, {writer.Left}, {unit * writer.UnitColumns};");
            for (var row = 0; row < 2 * rowTiles; row++)
            {
                writer.Line($"@unit{unit} {ProductWriter.LoadWeights(ProductWriter.Four("a", (unit * rowTiles * 2) + row), $"row{row}+{unit * 64}")}");
            }
        }

        writer.Tokens();
        for (var i = 0; i < tokenTiles; i++)
        {
            for (var unit = 0; unit < depth; unit++)
            {
                writer.Line($"@unit{unit} ld.global.v4.b32 {ProductWriter.Four("b", (unit * tokenTiles) + i)}, [token{i}+{unit * 64}];");
            }
        }

        // Multiply.
        for (var unit = 0; unit < depth; unit++)
        {
            for (var j = 0; j < rowTiles; j++)
            {
                for (var i = 0; i < tokenTiles; i++)
                {
                    var (low, high) = (((unit * rowTiles) + j) * 8, (((unit * rowTiles) + j) * 8) + 4);
                    var b = ((unit * tokenTiles) + i) * 4;
                    for (var half = 0; half < 4; half += 2)
                    {
                        var a = $"a{low + half},a{high + half},a{low + half + 1},a{high + half + 1}";
                        writer.Line($"@unit{unit} {writer.Multiply(writer.Sums(j, i), a, $"b{b + half},b{b + half + 1}")}");
                    }
                }
            }
        }
    }
}
