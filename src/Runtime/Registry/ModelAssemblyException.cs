namespace Moesaic;

/// <summary>A model assembly that cannot be used.</summary>
public sealed class ModelAssemblyException : MoesaicException
{
    internal ModelAssemblyException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
