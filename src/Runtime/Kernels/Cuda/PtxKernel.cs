namespace Moesaic.Kernels;

/// <summary>One kernel as PTX.</summary>
/// <param name="EntryPoint">Its name in the text.</param>
/// <param name="Text">A module with this one kernel.</param>
public sealed record PtxKernel(string EntryPoint, string Text)
{
    /// <summary>Threads of a block, where all its launches have as many.</summary>
    public int Threads { get; init; }

    /// <summary>Dynamic shared memory of a block.</summary>
    public int SharedBytes { get; init; }

    /// <summary>And as much more for each expert.</summary>
    public int SharedBytesPerExpert { get; init; }
}
