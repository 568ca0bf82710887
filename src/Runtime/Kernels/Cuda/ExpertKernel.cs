namespace Moesaic.Kernels;

/// <summary>What a kernel does. Compiled ones are found by it, see <see cref="KernelName"/>.</summary>
internal enum ExpertKernel
{
    /// <summary>Ids and weights of logits.</summary>
    Route,

    /// <summary>Routes sorted by expert and cut into tiles, by one block.</summary>
    Align,

    /// <summary>Routes of each expert: the first half of an alignment by many blocks.</summary>
    Count,

    /// <summary>The second half.</summary>
    Place,

    /// <summary>Tokens in the order of experts.</summary>
    Gather,

    /// <summary>The first projection and the activation, streaming.</summary>
    GateUp,

    /// <summary>The second projection, streaming.</summary>
    Down,

    /// <summary>The second projection and the sum over a token's experts.</summary>
    DownOfToken,

    /// <summary>The first projection and the activation, in tiles of many routes.</summary>
    TiledGateUp,

    /// <summary>The second projection, in tiles of many routes.</summary>
    TiledDown,

    /// <summary>The sum over a token's experts.</summary>
    Combine,

    /// <summary>A norm of rows.</summary>
    RmsNorm,

    /// <summary>Few rows times up to three weights.</summary>
    Product,

    /// <summary>One token of each row attends.</summary>
    DecodeAttention,
}
