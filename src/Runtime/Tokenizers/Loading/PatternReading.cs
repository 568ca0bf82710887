using Moesaic.Tokenizers.Patterns;

namespace Moesaic.Tokenizers.Loading;

/// <summary>Reads a "pattern": {"String": "..."} or {"Regex": "..."}.</summary>
internal static class PatternReading
{
    internal static Pattern Read(JsonPart part)
    {
        if (part.TryGet("String") is { } literal)
        {
            return literal.Text().Length > 0 ? new LiteralPattern(literal.Text()) : throw literal.Fail("expected a text to look for, found an empty string");
        }

        var expression = part.TryGet("Regex") ?? throw part.Fail("expected the key \"String\" or \"Regex\", found neither");
        try
        {
            return new RegexPattern(expression.Text());
        }
        catch (Exception e) when (e is FormatException or ArgumentException) // ours, and .NET's for what we pass on
        {
            throw expression.Fail($"expected a regular expression in Oniguruma's syntax; {e.Message}", e);
        }
    }
}
