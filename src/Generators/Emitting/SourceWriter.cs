using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Moesaic.Generators.Emitting;

/// <summary>Text with indentation: four spaces, <c>\n</c>, one newline at the end.</summary>
internal sealed class SourceWriter
{
    // Without a mark at the beginning, as the repository's own files.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _atStart = true;

    /// <summary>Writes one line, or each line of a raw string.</summary>
    public void Write(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            var trimmed = line.TrimEnd('\r');
            if (trimmed.Length > 0)
            {
                _text.Append(' ', 4 * _depth).Append(trimmed);
            }

            _text.Append('\n');
        }

        _atStart = false;
    }

    /// <summary>Begins a new paragraph: an empty line, but not after an opening brace.</summary>
    public void Separate()
    {
        if (!_atStart)
        {
            _text.Append('\n');
            _atStart = true;
        }
    }

    /// <summary>Writes a header and an opening brace; what follows is indented.</summary>
    public void Open(string header)
    {
        Write(header);
        Write("{");
        _depth++;
        _atStart = true;
    }

    /// <summary>Writes the closing brace of the last <see cref="Open"/>.</summary>
    public void Close(string after = "")
    {
        _depth--;
        Write("}" + after);
    }

    public SourceText ToSourceText() => SourceText.From(_text.ToString(), Utf8);
}
