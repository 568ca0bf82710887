using System.Globalization;
using static System.Globalization.UnicodeCategory;

namespace Moesaic.Tokenizers.Patterns;

/// <summary>The named sets of Oniguruma: \p{...}, [:...:] and the escapes.</summary>
internal static class CodePointProperties
{
    internal static CodePointSet Digit { get; } = CodePointSet.FromCategories(DecimalDigitNumber);

    internal static CodePointSet HexDigit { get; } = CodePointSet.FromRanges(('0', '9'), ('A', 'F'), ('a', 'f'));

    /// <summary>Unicode's Alphabetic: letters, letter numbers, marks that spell, and circled or squared letters.</summary>
    /// <remarks>It takes every mark, where Unicode takes most; Oniguruma's \w, the only place where it matters, takes them all too.</remarks>
    internal static CodePointSet Alphabetic { get; } = Letter.Union(CodePointSet.FromCategories(LetterNumber)).Union(Mark)
        .Union(CodePointSet.FromRanges((0x24B6, 0x24E9), (0x1F130, 0x1F149), (0x1F150, 0x1F169), (0x1F170, 0x1F189)));

    internal static CodePointSet Word { get; } = Alphabetic.Union(Digit).Union(CodePointSet.FromCategories(ConnectorPunctuation));

    private static CodePointSet Letter => Categories("L")!;

    private static CodePointSet Mark => Categories("M")!;

    /// <summary>The set of that name, spelled in any of Unicode's ways; null if it is not known.</summary>
    internal static CodePointSet? TryFind(string name)
    {
        var plain = name.Replace("_", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        if (plain.Split('=') is ["script" or "sc", var script])
        {
            return Script(script);
        }

        if (plain.Split('=') is ["generalcategory" or "gc", var category])
        {
            return Categories(category);
        }

        return plain switch
        {
            "any" => CodePointSet.All,
            "ascii" => CodePointSet.FromRanges((0, 0x7F)),
            "alpha" or "alphabetic" => Alphabetic,
            "alnum" => Alphabetic.Union(Digit),
            "digit" => Digit,
            "xdigit" => HexDigit,
            "word" => Word,
            "space" or "whitespace" => CodePointSet.WhiteSpace,
            "blank" => CodePointSet.FromCategories(SpaceSeparator).Union(CodePointSet.FromRanges(('\t', '\t'))),
            "cntrl" => CodePointSet.FromCategories(Control),
            "punct" => Categories("P")!.Union(CodePointSet.FromRanges(('$', '$'), ('+', '+'), ('<', '>'), ('^', '^'), ('`', '`'), ('|', '|'), ('~', '~'))),
            _ => Categories(plain) ?? Script(plain),
        };
    }

    private static CodePointSet? Script(string name)
    {
        if (ScriptRanges.TryFind(name) is not { } ranges)
        {
            return null;
        }

        return CodePointSet.FromRanges([.. ranges.Split(' ').Select(static range =>
        {
            var dash = range.IndexOf('-', StringComparison.Ordinal);
            var first = int.Parse(dash < 0 ? range : range[..dash], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            return (first, dash < 0 ? first : int.Parse(range[(dash + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        })]);
    }

    private static CodePointSet? Categories(string name) => name.ToLowerInvariant() switch
    {
        "l" or "letter" => CodePointSet.FromCategories(UppercaseLetter, LowercaseLetter, TitlecaseLetter, ModifierLetter, OtherLetter),
        "lu" or "uppercaseletter" => CodePointSet.FromCategories(UppercaseLetter),
        "ll" or "lowercaseletter" => CodePointSet.FromCategories(LowercaseLetter),
        "lt" or "titlecaseletter" => CodePointSet.FromCategories(TitlecaseLetter),
        "lc" or "casedletter" => CodePointSet.FromCategories(UppercaseLetter, LowercaseLetter, TitlecaseLetter),
        "lm" or "modifierletter" => CodePointSet.FromCategories(ModifierLetter),
        "lo" or "otherletter" => CodePointSet.FromCategories(OtherLetter),
        "m" or "mark" or "combiningmark" => CodePointSet.FromCategories(NonSpacingMark, SpacingCombiningMark, EnclosingMark),
        "mn" or "nonspacingmark" => CodePointSet.FromCategories(NonSpacingMark),
        "mc" or "spacingmark" => CodePointSet.FromCategories(SpacingCombiningMark),
        "me" or "enclosingmark" => CodePointSet.FromCategories(EnclosingMark),
        "n" or "number" => CodePointSet.FromCategories(DecimalDigitNumber, LetterNumber, OtherNumber),
        "nd" or "decimalnumber" => CodePointSet.FromCategories(DecimalDigitNumber),
        "nl" or "letternumber" => CodePointSet.FromCategories(LetterNumber),
        "no" or "othernumber" => CodePointSet.FromCategories(OtherNumber),
        "z" or "separator" => CodePointSet.FromCategories(SpaceSeparator, LineSeparator, ParagraphSeparator),
        "zs" or "spaceseparator" => CodePointSet.FromCategories(SpaceSeparator),
        "zl" or "lineseparator" => CodePointSet.FromCategories(LineSeparator),
        "zp" or "paragraphseparator" => CodePointSet.FromCategories(ParagraphSeparator),
        "c" or "other" => CodePointSet.FromCategories(Control, Format, Surrogate, PrivateUse, OtherNotAssigned),
        "cc" or "control" => CodePointSet.FromCategories(Control),
        "cf" or "format" => CodePointSet.FromCategories(Format),
        "cs" or "surrogate" => CodePointSet.FromCategories(Surrogate),
        "co" or "privateuse" => CodePointSet.FromCategories(PrivateUse),
        "cn" or "unassigned" => CodePointSet.FromCategories(OtherNotAssigned),
        "p" or "punctuation" => CodePointSet.FromCategories(
            ConnectorPunctuation, DashPunctuation, OpenPunctuation, ClosePunctuation, InitialQuotePunctuation, FinalQuotePunctuation, OtherPunctuation),
        "pc" or "connectorpunctuation" => CodePointSet.FromCategories(ConnectorPunctuation),
        "pd" or "dashpunctuation" => CodePointSet.FromCategories(DashPunctuation),
        "ps" or "openpunctuation" => CodePointSet.FromCategories(OpenPunctuation),
        "pe" or "closepunctuation" => CodePointSet.FromCategories(ClosePunctuation),
        "pi" or "initialpunctuation" => CodePointSet.FromCategories(InitialQuotePunctuation),
        "pf" or "finalpunctuation" => CodePointSet.FromCategories(FinalQuotePunctuation),
        "po" or "otherpunctuation" => CodePointSet.FromCategories(OtherPunctuation),
        "s" or "symbol" => CodePointSet.FromCategories(MathSymbol, CurrencySymbol, ModifierSymbol, OtherSymbol),
        "sm" or "mathsymbol" => CodePointSet.FromCategories(MathSymbol),
        "sc" or "currencysymbol" => CodePointSet.FromCategories(CurrencySymbol),
        "sk" or "modifiersymbol" => CodePointSet.FromCategories(ModifierSymbol),
        "so" or "othersymbol" => CodePointSet.FromCategories(OtherSymbol),
        _ => null,
    };
}
