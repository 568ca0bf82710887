namespace Moesaic.Tokenizers.Patterns;

/// <summary>Parses the regular expressions of tokenizer.json: Oniguruma's Ruby syntax, over whole code points.</summary>
/// <remarks>What can mean something else in .NET (classes, escapes, case, anchors, quantifiers) is resolved here; the rest passes as it is.</remarks>
internal sealed class PatternParser
{
    private static readonly CodePointSet Newline = CodePointSet.FromRanges(('\n', '\n'));
    private static readonly CodePointSet NotNewline = Newline.Complement();

    private readonly PatternReader _reader;
    private readonly CharacterClassParser _classes;
    private readonly List<PatternItem> _items = [];
    private readonly Dictionary<(int CodePoint, bool IgnoreCase), CodePointSet> _literals = [];

    private PatternParser(string expression)
    {
        _reader = new(expression);
        _classes = new(_reader);
    }

    /// <exception cref="FormatException">The expression is malformed, or uses what is not supported.</exception>
    internal static IReadOnlyList<PatternItem> Parse(string expression)
    {
        var parser = new PatternParser(expression);
        parser.ParseGroup(default);
        return parser._reader.AtEnd ? parser._items : throw parser._reader.Error("an unmatched ')'");
    }

    /// <summary>Everything up to the end of the group, its parenthesis not included.</summary>
    private void ParseGroup(PatternFlags flags)
    {
        _reader.Enter();
        while (!_reader.AtEnd && _reader.Current != ')')
        {
            if (_reader.Accept("|"))
            {
                Write("|");
                continue;
            }

            var start = _items.Count;
            ParseAtom(flags);
            ParseQuantifiers(start);
        }

        _reader.Leave();
    }

    private void ParseAtom(PatternFlags flags)
    {
        if (_classes.TryParseSetEscape() is { } set)
        {
            Write(set);
            return;
        }

        switch (_reader.Take())
        {
            case '(':
                ParseParenthesis(flags);
                break;
            case '[':
                Write(_classes.Parse(flags.IgnoreCase));
                break;
            case '.':
                Write(flags.DotMatchesNewline ? CodePointSet.All : NotNewline);
                break;
            case '^':
                Write("(?<!", NotNewline, ")");
                break;
            case '$':
                Write("(?!", NotNewline, ")");
                break;
            case '\\':
                ParseEscape(flags);
                break;
            case '*' or '+' or '?':
                throw _reader.Error("a quantifier with nothing to repeat");
            case var codePoint:
                Write(Literal(codePoint, flags));
                break;
        }
    }

    private void ParseParenthesis(PatternFlags flags)
    {
        if (_reader.Accept("?#"))
        {
            while (_reader.Take() != ')')
            {
            }

            return;
        }

        foreach (var opening in (ReadOnlySpan<string>)["?=", "?!", "?<=", "?<!", "?>", "?:"])
        {
            if (_reader.Accept(opening))
            {
                ParseGroup("(" + opening, flags);
                return;
            }
        }

        if (_reader.Accept("?<"))
        {
            while (_reader.Take() != '>')
            {
            }

            ParseGroup("(?:", flags);
        }
        else if (_reader.Accept("?"))
        {
            ParseFlags(flags);
        }
        else
        {
            ParseGroup("(?:", flags);
        }
    }

    private void ParseGroup(string opening, PatternFlags flags)
    {
        Write(opening);
        ParseGroup(flags);
        if (!_reader.Accept(")"))
        {
            throw _reader.Error("a '(' that is never closed");
        }

        Write(")");
    }

    private void ParseFlags(PatternFlags flags)
    {
        for (var on = true; ;)
        {
            switch (_reader.Take())
            {
                case '-':
                    on = false;
                    break;
                case 'i':
                    flags = flags with { IgnoreCase = on };
                    break;
                case 'm':
                    flags = flags with { DotMatchesNewline = on };
                    break;
                case ':':
                    ParseGroup("(?:", flags);
                    return;
                case ')':
                    // Holds to the end of the group around it, its alternatives included.
                    Write("(?:");
                    ParseGroup(flags);
                    Write(")");
                    return;
                default:
                    throw _reader.Error("a group option other than i and m");
            }
        }
    }

    private void ParseEscape(PatternFlags flags)
    {
        switch (_reader.Current)
        {
            case 'A':
                Write(@"\A");
                break;
            case 'z':
                Write(@"\z");
                break;
            case 'Z':
                Write("(?=", Newline, @"?\z)");
                break;
            case 'b':
                WriteBoundary("(?!", "(?=");
                break;
            case 'B':
                WriteBoundary("(?=", "(?!");
                break;
            default:
                Write(Literal(_classes.ParseCharacterEscape(), flags));
                return;
        }

        _reader.Take();
    }

    /// <summary>\b and \B: a word character before, and then none, or one; and the reverse.</summary>
    private void WriteBoundary(string afterWord, string afterOther)
    {
        Write("(?:(?<=", CodePointProperties.Word, ")");
        Write(afterWord, CodePointProperties.Word, ")|(?<!");
        Write("", CodePointProperties.Word, ")");
        Write(afterOther, CodePointProperties.Word, "))");
    }

    private void ParseQuantifiers(int start)
    {
        while (!_reader.AtEnd)
        {
            if (_reader.TryTakeInterval() is { } interval)
            {
                Write(interval);
                if (_reader.Accept("?"))
                {
                    Write("?");
                }
                else if (!_reader.AtEnd && _reader.Current == '+')
                {
                    // Not possessive, as after the others: it repeats the interval.
                    Wrap(start, "(?:");
                }
            }
            else if (_reader.Current is '*' or '+' or '?')
            {
                Write(((char)_reader.Take()).ToString());
                if (_reader.Accept("?"))
                {
                    Write("?");
                }
                else if (_reader.Accept("+"))
                {
                    Wrap(start, "(?>");
                }
            }
            else
            {
                return;
            }

            if (!_reader.AtEnd && _reader.Current is '*' or '+' or '?')
            {
                Wrap(start, "(?:");
            }
        }
    }

    private void Wrap(int start, string opening)
    {
        _items.Insert(start, new(opening));
        Write(")");
    }

    private CodePointSet Literal(int codePoint, PatternFlags flags)
    {
        if (!_literals.TryGetValue((codePoint, flags.IgnoreCase), out var set))
        {
            set = flags.IgnoreCase ? CaseFolding.Close([(codePoint, codePoint)]) : CodePointSet.FromRanges((codePoint, codePoint));
            _literals.Add((codePoint, flags.IgnoreCase), set);
        }

        return set;
    }

    private void Write(string before, CodePointSet set, string after)
    {
        Write(before);
        Write(set);
        Write(after);
    }

    private void Write(CodePointSet set) => _items.Add(new("", set));

    private void Write(string syntax) => _items.Add(new(syntax));
}
