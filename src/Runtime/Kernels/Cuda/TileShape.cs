namespace Moesaic.Kernels;

/// <summary>How much of a product one block of a streaming kernel computes.</summary>
/// <param name="RowTiles">Tiles of 16 weight rows.</param>
/// <param name="TokenTiles">Tiles of 8 tokens.</param>
/// <param name="Depth">Steps of 32 columns in flight.</param>
/// <param name="Warps">Of a block.</param>
/// <param name="WarpsPerProcessor">That share a multiprocessor's registers: with 16 a thread has 128 of them.</param>
internal readonly record struct TileShape(int RowTiles, int TokenTiles, int Depth, int Warps, int WarpsPerProcessor = TileShape.UsualWarps)
{
    internal const int UsualWarps = 16;

    internal int Tokens => 8 * TokenTiles;

    public override string ToString() => $"{16 * RowTiles}x{Tokens} depth {Depth} warps {Warps}{(WarpsPerProcessor == UsualWarps ? "" : $" of {WarpsPerProcessor}")}";
}
