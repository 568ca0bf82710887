namespace Moesaic.Tokenizers.Patterns;

/// <summary>Parses what stands for a set of characters: [...] with nesting, &amp;&amp; and [:names:], and escapes such as \p{Lu} and \s.</summary>
internal sealed class CharacterClassParser(PatternReader reader)
{
    private static readonly (string Escape, CodePointSet Set)[] SetEscapes =
    [
        (@"\d", CodePointProperties.Digit), (@"\D", CodePointProperties.Digit.Complement()),
        (@"\s", CodePointSet.WhiteSpace), (@"\S", CodePointSet.WhiteSpace.Complement()),
        (@"\w", CodePointProperties.Word), (@"\W", CodePointProperties.Word.Complement()),
        (@"\h", CodePointProperties.HexDigit), (@"\H", CodePointProperties.HexDigit.Complement()),
    ];

    /// <summary>A class whose opening bracket is taken.</summary>
    internal CodePointSet Parse(bool ignoreCase)
    {
        reader.Enter();
        var negated = reader.Accept("^");
        var set = ParseOperand(ignoreCase, bracketIsMember: true);
        while (reader.Accept("&&"))
        {
            set = set.Intersect(ParseOperand(ignoreCase, bracketIsMember: false));
        }

        if (!reader.Accept("]"))
        {
            throw reader.Error("a '[' that is never closed");
        }

        reader.Leave();
        return negated ? set.Complement() : set;
    }

    /// <summary>The set of an escape such as \s or \p{L}; null, and nothing taken, if what follows is none.</summary>
    internal CodePointSet? TryParseSetEscape()
    {
        foreach (var (escape, set) in SetEscapes)
        {
            if (reader.Accept(escape))
            {
                return set;
            }
        }

        return reader.Accept(@"\p") ? ParseProperty() : reader.Accept(@"\P") ? ParseProperty().Complement() : null;
    }

    /// <summary>The character of an escape whose backslash is taken.</summary>
    internal int ParseCharacterEscape() => reader.Take() switch
    {
        't' => '\t',
        'n' => '\n',
        'r' => '\r',
        'f' => '\f',
        'v' => '\v',
        'a' => '\a',
        'e' => '\e',
        '0' => '\0',
        'u' => reader.TakeHex(4, 4),
        'x' when reader.Accept("{") => reader.TakeHex(1, 6) is var codePoint && reader.Accept("}") ? codePoint : throw reader.Error(@"a \x{ that is never closed"),
        'x' => reader.TakeHex(1, 2),
        var other when other < 0x80 && char.IsAsciiLetterOrDigit((char)other) => throw reader.Error($@"the escape \{(char)other}, which is not supported"),
        var other => other,
    };

    private CodePointSet ParseOperand(bool ignoreCase, bool bracketIsMember)
    {
        var set = CodePointSet.FromRanges();
        var ranges = new List<(int First, int Last)>();
        for (; bracketIsMember || (reader.Current != ']' && !reader.Sees("&&")); bracketIsMember = false)
        {
            if (TryParseNested(ignoreCase) is { } nested)
            {
                set = set.Union(nested);
                continue;
            }

            var first = ParseMember();
            var last = !reader.Sees("-") || reader.Sees("-]") || reader.Sees("-&&") || reader.Sees("-[") ? first : ParseRangeEnd();
            ranges.Add(first <= last ? (first, last) : throw reader.Error("a range whose end is before its start"));
        }

        return ranges.Count == 0 ? set : set.Union(ignoreCase ? CaseFolding.Close(ranges) : CodePointSet.FromRanges([.. ranges]));
    }

    private CodePointSet? TryParseNested(bool ignoreCase)
    {
        if (reader.Accept("[:"))
        {
            var negated = reader.Accept("^");
            var name = reader.TakeUntil(":]") ?? throw reader.Error("a '[:' that is never closed");
            var set = CodePointProperties.TryFind(name) ?? throw reader.Error($"the class [:{name}:], which is not supported");
            return negated ? set.Complement() : set;
        }

        return reader.Accept("[") ? Parse(ignoreCase) : TryParseSetEscape();
    }

    private int ParseRangeEnd()
    {
        reader.Take();
        return ParseMember();
    }

    private int ParseMember() => reader.Accept(@"\b") ? '\b' : reader.Accept(@"\") ? ParseCharacterEscape() : reader.Take();

    private CodePointSet ParseProperty()
    {
        if (!reader.Accept("{") || reader.TakeUntil("}") is not { } name)
        {
            throw reader.Error(@"a \p without a property in braces");
        }

        var negated = name.StartsWith('^');
        var set = CodePointProperties.TryFind(negated ? name[1..] : name) ?? throw reader.Error($"the property {name}, which is not supported");
        return negated ? set.Complement() : set;
    }
}
