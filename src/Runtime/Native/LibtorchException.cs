namespace Moesaic;

/// <summary>libtorch is missing, does not fit, or would be loaded twice.</summary>
public sealed class LibtorchException : MoesaicException
{
    internal LibtorchException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
