namespace Moesaic;

/// <summary>Unusable input or surroundings: the message is one line that says what, where, what was expected and what to do.</summary>
public abstract class MoesaicException : Exception
{
    private protected MoesaicException(string message, Exception? inner = null)
        : base(OneLine(message), inner)
    {
    }

    /// <summary>Text of others, such as a loader's or a parser's, may span lines; ours never does.</summary>
    private static string OneLine(string message) => message.ReplaceLineEndings(" ").TrimEnd();
}
