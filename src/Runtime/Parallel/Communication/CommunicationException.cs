namespace Moesaic.Communication;

/// <summary>Ranks do not work together: one has failed or left, they disagree on a call, or the library that carries tensors refused.</summary>
public sealed class CommunicationException : MoesaicException
{
    internal CommunicationException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
