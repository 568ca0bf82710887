using System.Text;

namespace Moesaic;

/// <summary>libtorch refused a call of one of its operators.</summary>
public sealed class OperatorException : MoesaicException
{
    internal OperatorException(string message)
        : base(message)
    {
    }

    /// <summary>Throws if <paramref name="code"/>, what a function of libtorch returned, is an error.</summary>
    internal static void ThrowIfFailed(int code, ReadOnlySpan<byte> what)
    {
        if (code != 0)
        {
            throw new OperatorException($"libtorch refused {Encoding.UTF8.GetString(what)}; its own words are on standard error");
        }
    }
}
