namespace Moesaic.Kernels;

/// <summary>What a thread needs to finish its sums: biases of its two rows, weights of tokens, and where to put the result.</summary>
internal struct TileEnd
{
    /// <summary>Of row r: of the gate, or of the only product there is.</summary>
    internal float GateBias;

    internal float UpBias;

    /// <summary>Of row r + 8.</summary>
    internal float LowerGateBias;

    internal float LowerUpBias;

    /// <summary>The weight of token c of the first tile, in shared memory.</summary>
    internal uint Weights;

    /// <summary>Where the lane's column of the first tile goes: 128 bytes a token, in shared memory.</summary>
    internal uint Place;

    /// <summary>Of token c or c + 1 of a tile.</summary>
    internal readonly float Weight(int tile, int next) => BlockMemory.LoadFloat(Weights + (uint)((tile * 32) + (next * 4)));

    /// <summary>Rounds and writes a tile: [8 tokens, 16 columns of the warp].</summary>
    internal readonly void Store(int tile, float x, float y, float z, float w) =>
        Warpgroup.StoreTransposed(Place + (uint)(tile * 8 * TiledProduct.RowBytes), BrainFloat.Pack(x, y), BrainFloat.Pack(z, w));
}
