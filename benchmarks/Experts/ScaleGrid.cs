namespace Moesaic.Benchmarks.Experts;

/// <summary>What a scale of e4m3 codes covers.</summary>
/// <param name="Rows">8, or each.</param>
/// <param name="CoversColumns">All columns, not 128.</param>
internal readonly record struct ScaleGrid(int Rows, bool CoversColumns)
{
    /// <summary>Of blocks of 128 by 128, as most checkpoints have.</summary>
    internal static readonly ScaleGrid Blocks = new(8, false);

    /// <summary>All others.</summary>
    internal static readonly ScaleGrid[] Others = [new(1, true), new(1, false), new(8, true)];
}
