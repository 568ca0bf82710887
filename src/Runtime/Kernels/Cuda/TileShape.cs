namespace Moesaic.Kernels;

/// <summary>How much of a product one block of a streaming kernel computes.</summary>
/// <param name="RowTiles">Tiles of 16 weight rows.</param>
/// <param name="TokenTiles">Tiles of 8 tokens.</param>
/// <param name="Depth">Steps of 32 columns in flight.</param>
/// <param name="Warps">Of a block.</param>
internal readonly record struct TileShape(int RowTiles, int TokenTiles, int Depth, int Warps)
{
    internal int Tokens => 8 * TokenTiles;

    public override string ToString() => $"{16 * RowTiles}x{Tokens} depth {Depth} warps {Warps}";
}
