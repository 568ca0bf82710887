namespace Moesaic.Checkpoints;

/// <summary>A checkpoint that cannot be used; the message names the file, the tensor, what was expected, what was found and what to do.</summary>
public sealed class CheckpointException : MoesaicException
{
    private const int LongestName = 200;

    private CheckpointException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    internal static CheckpointException Of(string file, string expected, string found, string advice, Exception? inner = null) =>
        new($"{file}: expected {expected}, found {found}; {advice}", inner);

    /// <param name="subject">What it is about, mostly a tensor's name.</param>
    internal static CheckpointException Of(string file, string subject, string expected, string found, string advice) =>
        new($"{file}: {Printable(subject)}: expected {expected}, found {found}; {advice}", null);

    /// <summary>A name from a file, for a message: short, and without characters that a terminal obeys.</summary>
    internal static string Printable(string name)
    {
        var cut = name.Length <= LongestName ? name : $"{name.AsSpan(0, LongestName)}…";
        return cut.Any(char.IsControl) ? string.Concat(cut.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : cut;
    }
}
