namespace Moesaic.Tokenizers.Normalizers;

/// <summary>Takes white space off the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : Normalizer
{
    internal override string Normalize(string text)
    {
        var stripped = left ? text.TrimStart() : text;
        return right ? stripped.TrimEnd() : stripped;
    }
}
