namespace Moesaic.Tokenizers.Normalizers;

/// <summary>Puts a text before any other that is not empty: SentencePiece's dummy prefix.</summary>
internal sealed class PrependNormalizer(string prefix) : Normalizer
{
    internal override string Normalize(string text) => text.Length == 0 ? text : prefix + text;
}
