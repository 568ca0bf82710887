namespace Moesaic.Kernels;

/// <summary>What a thread needs to finish sums whose rows are tokens: two weights, biases of columns, and where to put the result.</summary>
internal struct RowsEnd
{
    /// <summary>The weight of token r.</summary>
    internal float Weight;

    /// <summary>Of token r + 8.</summary>
    internal float LowerWeight;

    /// <summary>The bias of the lane's first column; 0 where there is none.</summary>
    internal long Biases;

    /// <summary>Bytes from a gate's bias to that of the up projection.</summary>
    internal long UpOffset;

    /// <summary>Where the lane's row of the first 8 columns goes: 256 bytes a token, swizzled, in shared memory.</summary>
    internal uint Place;

    /// <summary>Of column c or c + 1 of 8.</summary>
    internal readonly float Bias(int tile, int next) => Biases == 0 ? 0f : GlobalMemory.LoadBrainFloat(Biases + (16 * tile) + (2 * next));

    internal readonly float UpBias(int tile, int next) => Biases == 0 ? 0f : GlobalMemory.LoadBrainFloat(Biases + UpOffset + (16 * tile) + (2 * next));

    /// <summary>Rounds and writes a tile: [16 tokens of the warp, 8 columns].</summary>
    internal readonly void Store(int tile, float x, float y, float z, float w) =>
        Warpgroup.StoreRows(Place ^ (uint)(tile << 4), BrainFloat.Pack(x, y), BrainFloat.Pack(z, w));
}
