namespace Moesaic.Tokenizers.Decoders;

/// <summary>Turns tokens back into text, or into tokens nearer to text. Safe for concurrent use; what it has seen is in its stage.</summary>
internal abstract class Decoder
{
    /// <summary>Begins a sequence whose results go to <paramref name="next"/>.</summary>
    internal abstract DecoderStage Begin(DecoderStage next);
}
