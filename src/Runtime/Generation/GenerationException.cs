namespace Moesaic;

/// <summary>Text cannot be generated from this input: a prompt too long, an id outside the vocabulary, logits that are no numbers.</summary>
public sealed class GenerationException : MoesaicException
{
    internal GenerationException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
