using System.Globalization;
using System.Text;

namespace Moesaic.Tokenizers.Patterns;

/// <summary>Reads an expression by code points.</summary>
internal sealed class PatternReader(string expression)
{
    private const int LargestRepeat = 100_000; // Oniguruma's

    private const int DeepestNesting = 200;

    private int _at;
    private int _depth;

    internal bool AtEnd => _at >= expression.Length;

    /// <summary>The next code point; at the end, an error.</summary>
    internal int Current => !AtEnd ? char.ConvertToUtf32(expression, _at) : throw Error("an end where more is needed");

    internal int Take()
    {
        var codePoint = Current;
        _at += codePoint > char.MaxValue ? 2 : 1;
        return codePoint;
    }

    internal bool Accept(string text)
    {
        var accepts = Sees(text);
        _at += accepts ? text.Length : 0;
        return accepts;
    }

    /// <summary>Enters a group or class; there is a limit, for a file must not exhaust our stack.</summary>
    internal void Enter()
    {
        if (++_depth > DeepestNesting)
        {
            throw Error("a nesting that is too deep");
        }
    }

    internal void Leave() => _depth--;

    internal bool Sees(string text) => string.CompareOrdinal(expression, _at, text, 0, text.Length) == 0;

    /// <summary>What lies before <paramref name="end"/>, which is taken too; null, and nothing taken, if it is not there.</summary>
    internal string? TakeUntil(string end)
    {
        var found = expression.IndexOf(end, _at, StringComparison.Ordinal);
        if (found < 0)
        {
            return null;
        }

        var text = expression[_at..found];
        _at = found + end.Length;
        return text;
    }

    /// <summary>{n}, {n,}, {,m} or {n,m}, in .NET's syntax; null, and nothing taken, where a brace is only a brace.</summary>
    internal string? TryTakeInterval()
    {
        var start = _at;
        if (Accept("{") && TakeUntil("}") is { } body)
        {
            var bounds = body.Split(',');
            var (low, high) = (bounds[0], bounds[^1]);
            if (bounds.Length <= 2 && body.Length > bounds.Length - 1 && IsBound(low) && IsBound(high))
            {
                return bounds.Length == 1 ? $"{{{low}}}" : $"{{{(low.Length == 0 ? "0" : low)},{high}}}";
            }
        }

        _at = start;
        return null;
    }

    /// <summary>A number of up to <paramref name="length"/> hexadecimal digits, at least <paramref name="least"/>.</summary>
    internal int TakeHex(int least, int length)
    {
        var end = _at;
        while (end < expression.Length && end - _at < length && char.IsAsciiHexDigit(expression[end]))
        {
            end++;
        }

        if (end - _at < least)
        {
            throw Error("an escape with too few hexadecimal digits");
        }

        var value = int.Parse(expression.AsSpan(_at, end - _at), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        _at = end;
        return Rune.IsValid(value) ? value : throw Error("an escape that is no Unicode character");
    }

    internal FormatException Error(string found) =>
        new($"at {_at.ToString(CultureInfo.InvariantCulture)} of \"{expression}\" is {found}");

    private static bool IsBound(string text) =>
        text.Length == 0 || (text.All(char.IsAsciiDigit) && int.TryParse(text, CultureInfo.InvariantCulture, out var bound) && bound <= LargestRepeat);
}
