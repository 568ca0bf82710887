namespace Moesaic.Tokenizers.Normalizers;

/// <summary>Changes text before it is split: the first stage of encoding. Safe for concurrent use.</summary>
internal abstract class Normalizer
{
    internal abstract string Normalize(string text);
}
