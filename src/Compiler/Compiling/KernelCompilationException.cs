namespace Moesaic.Kernels;

/// <summary>A C# method could not be made into a kernel.</summary>
public sealed class KernelCompilationException : MoesaicException
{
    /// <summary>Names the kernel and the reason.</summary>
    public KernelCompilationException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
