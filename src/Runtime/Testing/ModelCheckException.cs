namespace Moesaic.Testing;

/// <summary>A declaration that does not keep its word; the message names the block or parameter, and what differs.</summary>
public sealed class ModelCheckException : MoesaicException
{
    internal ModelCheckException(string message)
        : base(message)
    {
    }
}
