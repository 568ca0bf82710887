namespace Moesaic.Eplb;

/// <summary>Expert load balancing was asked for in a way that cannot work; the message names the number, what was expected and what to do.</summary>
public sealed class EplbException : MoesaicException
{
    internal EplbException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    internal static EplbException Of(string what, string expected, string found, string advice) =>
        new($"{what}: expected {expected}, found {found}; {advice}");
}
