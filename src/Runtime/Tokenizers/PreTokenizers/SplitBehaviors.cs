using Moesaic.Tokenizers.Patterns;

namespace Moesaic.Tokenizers.PreTokenizers;

/// <summary>How each <see cref="SplitBehavior"/> splits.</summary>
internal static class SplitBehaviors
{
    /// <summary>Adds to <paramref name="output"/> what a piece is split into.</summary>
    /// <param name="behavior">What becomes of a match.</param>
    /// <param name="piece">The piece, in the text.</param>
    /// <param name="matches">The matches, in the piece.</param>
    /// <param name="invert">Whether to take what lies between the matches for the matches.</param>
    /// <param name="output">Pieces, in the text.</param>
    internal static void Split(this SplitBehavior behavior, PatternMatch piece, List<PatternMatch> matches, bool invert, List<PatternMatch> output)
    {
        var (end, wasMatch, open) = (piece.Start, false, false);
        foreach (var match in matches)
        {
            if (piece.Start + match.Start > end)
            {
                Add(end, piece.Start + match.Start, invert);
            }

            Add(piece.Start + match.Start, piece.Start + match.End, !invert);
            end = piece.Start + match.End;
        }

        if (end < piece.End)
        {
            Add(end, piece.End, invert);
        }

        void Add(int start, int end, bool isMatch)
        {
            var joins = behavior switch
            {
                SplitBehavior.MergedWithPrevious => isMatch && !wasMatch,
                SplitBehavior.MergedWithNext => wasMatch && !isMatch,
                SplitBehavior.Contiguous => isMatch == wasMatch,
                _ => false,
            };
            if (joins && open)
            {
                output[^1] = new(output[^1].Start, end - output[^1].Start);
            }
            else
            {
                // An empty match splits where it stands, but is no piece.
                open = end > start && !(isMatch && behavior == SplitBehavior.Removed);
                if (open)
                {
                    output.Add(new(start, end - start));
                }
            }

            wasMatch = isMatch;
        }
    }
}
