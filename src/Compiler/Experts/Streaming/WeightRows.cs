namespace Moesaic.Kernels;

/// <summary>Where a lane reads the weight rows of a block, and their scales: addresses, and bytes from one to the next.</summary>
/// <remarks>All of one size: see <see cref="Registers"/>.</remarks>
internal struct WeightRows
{
    /// <summary>The lane's first 16 bytes: row r of the first tile.</summary>
    internal long First;

    /// <summary>From a tile's row r to that of the next tile.</summary>
    internal long TileStride;

    /// <summary>From row r of a tile to row r + 8, wherever that lies.</summary>
    internal long PairStride;

    /// <summary>The scale that row r of the first tile begins with.</summary>
    internal long Scales;

    internal long ScaleTileStride;

    internal long ScalePairStride;

    /// <summary>From a scale to that of the next <see cref="IStreamedWeights.UnitColumns"/>; 0 where one covers whole rows.</summary>
    internal long ScaleUnit;

    /// <summary>Those of a block of a matrix.</summary>
    /// <param name="matrix">[rows, columns]: of all experts.</param>
    /// <param name="row">Row r of the first tile.</param>
    /// <param name="tileRows">From tile to tile.</param>
    /// <param name="pairRows">From row r to row r + 8 of a tile.</param>
    /// <param name="quarter">Of a row: which lane of four.</param>
    internal static WeightRows Of<TWeights>(long matrix, ScaleRows scales, long row, int columns, int tileRows, int pairRows, int quarter)
        where TWeights : struct, IStreamedWeights
    {
        var rowBytes = (long)columns * TWeights.Bits / 8;
        return new()
        {
            First = matrix + (row * rowBytes) + (16L * quarter),
            TileStride = tileRows * rowBytes,
            PairStride = pairRows * rowBytes,
            Scales = scales.First + ((row >> scales.Shift) * scales.RowBytes) + (TWeights.Bits == 4 ? quarter : 0),
            ScaleTileStride = (tileRows >> scales.Shift) * (long)scales.RowBytes,
            ScalePairStride = (pairRows >> scales.Shift) * (long)scales.RowBytes,
            ScaleUnit = scales.UnitBytes,
        };
    }
}
