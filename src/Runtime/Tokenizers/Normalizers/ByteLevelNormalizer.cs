using System.Text;
using Moesaic.Tokenizers.Unicode;

namespace Moesaic.Tokenizers.Normalizers;

/// <summary>Writes every byte of the text's UTF-8 as the character that stands for it.</summary>
internal sealed class ByteLevelNormalizer : Normalizer
{
    internal override string Normalize(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(ByteAlphabet.CharacterOf));
}
