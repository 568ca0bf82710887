namespace Moesaic.Tokenizers.PreTokenizers;

/// <summary>Splits text into the pieces that the model tokenizes each by itself. Safe for concurrent use.</summary>
internal abstract class PreTokenizer
{
    internal abstract void Apply(Pieces pieces);
}
