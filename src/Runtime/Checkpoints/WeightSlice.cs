namespace Moesaic;

/// <summary>Which rows of a parameter a checkpoint tensor fills.</summary>
public enum WeightSlice
{
    /// <summary>All of them.</summary>
    Whole,

    /// <summary>The first half: the gate rows of w13.</summary>
    FirstHalf,

    /// <summary>The second half: the up rows of w13.</summary>
    SecondHalf,
}
