namespace Moesaic.Kernels;

/// <summary>Scales of a weight matrix in device memory.</summary>
internal struct ScaleRows
{
    /// <summary>Of the first row.</summary>
    internal long First;

    /// <summary>2^shift rows, 1 or 8, share theirs.</summary>
    internal int Shift;

    /// <summary>To the next rows'.</summary>
    internal int RowBytes;

    /// <summary>To the next columns'; 0 where one covers whole rows.</summary>
    internal int UnitBytes;
}
