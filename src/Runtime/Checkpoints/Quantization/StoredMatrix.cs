namespace Moesaic.Checkpoints;

/// <summary>Where the codes and scales of a matrix lie in a mapped file, at any address.</summary>
/// <param name="Values">The first stored row.</param>
/// <param name="RowBytes">From row to row.</param>
/// <param name="Scales">The scales of the first stored row.</param>
/// <param name="RowsPerScale">Stored rows that share scales.</param>
/// <param name="ScaleRowBytes">From those to the next rows'.</param>
internal readonly record struct StoredMatrix(nint Values, long RowBytes, nint Scales, long RowsPerScale, long ScaleRowBytes)
{
    /// <summary>The stored row that is the matrix's first.</summary>
    internal long FirstRow { get; init; }

    /// <summary>From one row of the matrix to the next, in stored rows: 2 where gate and up alternate.</summary>
    internal long RowStep { get; init; } = 1;
}
