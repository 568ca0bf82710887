namespace Moesaic.Tokenizers.PreTokenizers;

/// <summary>Pre-tokenizers one after the other, each on the pieces of the one before; none leaves the text whole.</summary>
internal sealed class PreTokenizerSequence(IReadOnlyList<PreTokenizer> preTokenizers) : PreTokenizer
{
    internal override void Apply(Pieces pieces)
    {
        foreach (var preTokenizer in preTokenizers)
        {
            preTokenizer.Apply(pieces);
        }
    }
}
