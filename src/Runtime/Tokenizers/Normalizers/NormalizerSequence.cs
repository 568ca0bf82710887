namespace Moesaic.Tokenizers.Normalizers;

/// <summary>Normalizers one after the other; none is the identity.</summary>
internal sealed class NormalizerSequence(IReadOnlyList<Normalizer> normalizers) : Normalizer
{
    internal override string Normalize(string text) => normalizers.Aggregate(text, static (text, normalizer) => normalizer.Normalize(text));
}
