namespace Moesaic.Tokenizers;

/// <summary>A tokenizer.json that is missing, malformed or not supported, or a token id that the vocabulary lacks.</summary>
public sealed class TokenizerException : MoesaicException
{
    internal TokenizerException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
