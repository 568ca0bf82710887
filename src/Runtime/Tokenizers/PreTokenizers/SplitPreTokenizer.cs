using Moesaic.Tokenizers.Patterns;

namespace Moesaic.Tokenizers.PreTokenizers;

/// <summary>Splits at a pattern; Digits, Punctuation and the like are patterns too.</summary>
internal sealed class SplitPreTokenizer(Pattern pattern, SplitBehavior behavior, bool invert = false) : PreTokenizer
{
    internal override void Apply(Pieces pieces) => pieces.Split(pattern, behavior, invert);
}
