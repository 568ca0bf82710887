using Moesaic.Tokenizers.Patterns;

namespace Moesaic.Tokenizers.Normalizers;

/// <summary>Replaces every match of a pattern by a text.</summary>
internal sealed class ReplaceNormalizer(Pattern pattern, string content) : Normalizer
{
    internal override string Normalize(string text) => pattern.Replace(text, content);
}
