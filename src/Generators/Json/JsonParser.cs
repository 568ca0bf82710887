using System.Globalization;
using System.Text;

namespace Moesaic.Generators.Json;

/// <summary>Reads JSON as Python writes it: NaN and Infinity are numbers, bare or as <c>{"__float__": "Infinity"}</c>.</summary>
internal sealed class JsonParser
{
    private const int Deepest = 64;

    private static readonly Dictionary<string, double> Numbers = new(StringComparer.Ordinal)
    {
        ["NaN"] = double.NaN,
        ["Infinity"] = double.PositiveInfinity,
        ["-Infinity"] = double.NegativeInfinity,
    };

    private readonly string _text;
    private int _at;

    private JsonParser(string text) => _text = text;

    /// <exception cref="FormatException">It is no JSON, or names a member twice.</exception>
    public static JsonValue Parse(string text)
    {
        var parser = new JsonParser(text);
        var value = parser.Value(0);
        return parser.Next() == '\0' && parser._at == text.Length ? value : throw parser.Error("the end");
    }

    private JsonValue Value(int depth)
    {
        if (depth > Deepest)
        {
            throw Error("fewer levels");
        }

        return Next() switch
        {
            '{' => Object(depth),
            '[' => List(depth),
            '"' => new() { Kind = JsonKind.Text, Text = String() },
            't' => Word("true", new() { Kind = JsonKind.Boolean, Boolean = true }),
            'f' => Word("false", new() { Kind = JsonKind.Boolean }),
            'n' => Word("null", JsonValue.Null),
            'N' => Word("NaN", Of(double.NaN)),
            'I' => Word("Infinity", Of(double.PositiveInfinity)),
            _ => Number(),
        };
    }

    private JsonValue Object(int depth)
    {
        var members = new Dictionary<string, JsonValue>(StringComparer.Ordinal);
        _at++;
        for (var more = Next() != '}'; more; more = Take(','))
        {
            var name = Next() == '"' ? String() : throw Error("a name");
            Expect(':');
            if (members.ContainsKey(name))
            {
                throw Error($"one member \"{name}\"");
            }

            members.Add(name, Value(depth + 1));
        }

        Expect('}');
        return members.Count == 1 && members.TryGetValue("__float__", out var number) && Numbers.TryGetValue(number.Text, out var value)
            ? Of(value)
            : new() { Kind = JsonKind.Object, Members = members };
    }

    private JsonValue List(int depth)
    {
        var items = new List<JsonValue>();
        _at++;
        for (var more = Next() != ']'; more; more = Take(','))
        {
            items.Add(Value(depth + 1));
        }

        Expect(']');
        return new() { Kind = JsonKind.List, Items = items };
    }

    private string String()
    {
        var start = ++_at;
        while (_at < _text.Length && _text[_at] is not ('"' or '\\'))
        {
            _at++;
        }

        var plain = _text.Substring(start, _at - start);
        if (_at < _text.Length && _text[_at] == '"')
        {
            _at++;
            return plain;
        }

        var result = new StringBuilder(plain);
        while (_at < _text.Length && _text[_at] != '"')
        {
            result.Append(_text[_at] == '\\' ? Escape() : _text[_at++]);
        }

        Expect('"');
        return result.ToString();
    }

    private char Escape()
    {
        _at += 2;
        var escape = _at <= _text.Length ? _text[_at - 1] : '\0';
        switch (escape)
        {
            case '"' or '\\' or '/': return escape;
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u' when _at + 4 <= _text.Length
                && ushort.TryParse(_text.Substring(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                _at += 4;
                return (char)code;
            default: throw Error("an escape");
        }
    }

    private JsonValue Number()
    {
        var start = _at;
        if (Take('-') && Next() == 'I')
        {
            return Word("Infinity", Of(double.NegativeInfinity));
        }

        while (_at < _text.Length && _text[_at] is (>= '0' and <= '9') or '+' or '-' or '.' or 'e' or 'E')
        {
            _at++;
        }

        return double.TryParse(_text.Substring(start, _at - start), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? Of(number)
            : throw Error("a value");
    }

    private static JsonValue Of(double number) => new() { Kind = JsonKind.Number, Number = number };

    private JsonValue Word(string word, JsonValue value)
    {
        if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0)
        {
            throw Error("a value");
        }

        _at += word.Length;
        return value;
    }

    /// <summary>The character after white space; \0 at the end.</summary>
    private char Next()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\n' or '\r' or '\t')
        {
            _at++;
        }

        return _at < _text.Length ? _text[_at] : '\0';
    }

    private bool Take(char expected)
    {
        if (Next() != expected)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Expect(char expected)
    {
        if (!Take(expected))
        {
            throw Error(expected.ToString());
        }
    }

    private FormatException Error(string expected)
    {
        var line = 1 + _text.Take(Math.Min(_at, _text.Length)).Count(static c => c == '\n');
        return new(string.Format(CultureInfo.InvariantCulture, "expected {0} in line {1}", expected, line));
    }
}
