namespace Moesaic;

/// <summary>What runs the routed experts.</summary>
public enum ExpertsBackend
{
    /// <summary>The fastest that can run them, decided from <see cref="BackendFacts"/>.</summary>
    Auto,

    /// <summary>One expert after the other, with plain tensor operations: runs everywhere, and defines what is correct.</summary>
    Eager,

    /// <summary>All experts in one call of libtorch's <c>_grouped_mm</c> per projection, rows sorted by expert.</summary>
    Grouped,

    /// <summary>Kernels of our own: each weight is read once, gate, up and activation in one pass.</summary>
    Fused,
}
