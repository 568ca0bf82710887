namespace Moesaic.Kernels;

/// <summary>How much of a product one block of a streaming kernel computes.</summary>
internal interface IStreamTile
{
    /// <summary>Tiles of 16 weight rows.</summary>
    static abstract int RowTiles { get; }

    /// <summary>Tiles of 8 tokens.</summary>
    static abstract int TokenTiles { get; }

    /// <summary>Steps of 32 columns that are loaded before the first of them is used.</summary>
    static abstract int Depth { get; }

    /// <summary>Warps of the block, which share the columns.</summary>
    static abstract int Warps { get; }
}
