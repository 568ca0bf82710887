namespace Moesaic;

/// <summary>A model cannot be cut over ranks as asked, or the ranks are not alike; the message names what, and what would do.</summary>
public sealed class ParallelException : MoesaicException
{
    /// <summary>One line: what, expected, found, what to do.</summary>
    public ParallelException(string message)
        : this(message, null)
    {
    }

    internal ParallelException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
