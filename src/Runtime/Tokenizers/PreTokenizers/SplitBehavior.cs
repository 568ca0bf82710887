namespace Moesaic.Tokenizers.PreTokenizers;

/// <summary>What becomes of a match when a piece is split at it.</summary>
internal enum SplitBehavior
{
    /// <summary>It goes.</summary>
    Removed,

    /// <summary>It is a piece by itself.</summary>
    Isolated,

    /// <summary>It joins the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>It joins the piece behind it.</summary>
    MergedWithNext,

    /// <summary>It joins the matches next to it.</summary>
    Contiguous,
}
