namespace Moesaic.Checkpoints;

/// <summary>What one scale of an fp8 tensor covers.</summary>
[Flags]
internal enum Fp8Scales
{
    /// <summary>A block of rows and columns.</summary>
    Block = 1,

    /// <summary>All of a matrix.</summary>
    Tensor = 2,

    /// <summary>A row.</summary>
    Channel = 4,

    /// <summary>Either; the scales' shape says which.</summary>
    TensorOrChannel = Tensor | Channel,
}
