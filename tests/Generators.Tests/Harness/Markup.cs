using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.Text;

namespace Moesaic.Generators.Tests.Harness;

/// <summary>A source in which <c>{|MOE0001:Name|}</c> marks where a diagnostic is expected; <c>{|MOE0001,MOE0002:Name|}</c> marks two.</summary>
internal sealed partial class Markup
{
    private Markup(string source, IReadOnlyList<(string Id, string Path, TextSpan Span)> expected) => (Source, Expected) = (source, expected);

    /// <summary>The source without marks.</summary>
    public string Source { get; }

    public IReadOnlyList<(string Id, string Path, TextSpan Span)> Expected { get; }

    public static Markup Parse(string marked, string path)
    {
        var expected = new List<(string, string, TextSpan)>();
        while (Mark().Match(marked) is { Success: true } match)
        {
            var text = match.Groups["text"].Value;
            var span = new TextSpan(match.Index, text.Length);
            expected.AddRange(match.Groups["ids"].Value.Split(',').Select(id => (id, path, span)));
            marked = marked[..match.Index] + text + marked[(match.Index + match.Length)..];
        }

        return new(marked, expected);
    }

    [GeneratedRegex(@"\{\|(?<ids>MOE\d{4}(,MOE\d{4})*):(?<text>.*?)\|\}", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Mark();
}
