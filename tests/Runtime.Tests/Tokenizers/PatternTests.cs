using Moesaic.Tokenizers.Patterns;

namespace Moesaic.Runtime.Tests.Tokenizers;

/// <summary>Expressions in Oniguruma's syntax, over characters and not over UTF-16 units.</summary>
public sealed class PatternTests
{
    [Theory]
    // Characters outside of the basic plane are one, and have their own category.
    [InlineData(@"\p{L}+", "a𝐀𐐀中1😀b", "a𝐀𐐀中|b")]
    [InlineData(@"\p{So}", "x😀😀y©", "😀|😀|©")]
    [InlineData(@"[\p{P}\p{S}]+", "!😀?a", "!😀?")]
    [InlineData(@"\p{N}", "1𝟏²Ⅷ", "1|𝟏|²|Ⅷ")]
    [InlineData("[😀-😂]", "😀😁😂😃", "😀|😁|😂")]
    [InlineData(@"\x{1F600}|[\x{20000}-\x{2A6DF}]", "😀a𠀀", "😀|𠀀")]
    [InlineData(".", "😀\na", "😀|a")]
    [InlineData(@"[^a]", "a😀", "😀")]
    [InlineData(@"\p{Cs}|\p{Co}", "😀\uE000", "\uE000")]
    // White space is Unicode's.
    [InlineData(@"\s", "a\u0085b\u00A0c\u3000d\u200Be\uFEFFf\u001C", "\u0085|\u00A0|\u3000")]
    [InlineData(@"\S+", "a\u2028b", "a|b")]
    // Case: s and the long s, k and the Kelvin sign, and no Turkish i.
    [InlineData("(?i:'s|k)", "'S'ſ'sk\u212AK", "'S|'ſ|'s|k|\u212A|K")]
    [InlineData("(?i)i", "iIİı", "i|I")]
    [InlineData("(?i:[a-c])|x", "aBXx", "a|B|x")]
    [InlineData("(?i:σ)", "σςΣ", "σ|ς|Σ")]
    [InlineData("(?i:𐐀)", "𐐀𐐨", "𐐀|𐐨")]
    [InlineData("a(?i)b|c", "aBAc", "aB")]
    [InlineData("a(?i)b|c", "aC", "aC")]
    // Classes: nesting, intersection, names, complements, a bracket and a hyphen that are members.
    [InlineData(@"[\p{L}&&[^\p{Han}]]+", "ab中文cd", "ab|cd")]
    [InlineData(@"[\p{Lu}\p{M}[0-9]]+", "AB12\u0301c3", "AB12\u0301|3")]
    [InlineData("[[:alpha:]]+|[[:^digit:]]", "ab1!", "ab|!")]
    [InlineData("[]a]+", "]ab", "]a")]
    [InlineData("[a-]+", "a-b", "a-")]
    [InlineData(@"[\-\]\\]+", @"-]\a", @"-]\")]
    [InlineData(@"\P{L}+|\p{^Ll}", "a1B", "1|B")]
    [InlineData(@"\p{Script=Hiragana}+", "ひらカナ", "ひら")]
    [InlineData(@"\p{Letter}+", "ab1", "ab")]
    [InlineData(@"\w+", "a_1é中\u0301ⓐ-b", "a_1é中\u0301ⓐ|b")]
    [InlineData(@"\h+", "fFg9", "fF|9")]
    // Quantifiers: possessive ones, and an interval whose plus is none.
    [InlineData("a++b|a", "aab", "aab")]
    [InlineData("a*+a|b", "aab", "b")]
    [InlineData("a?+a", "aa", "aa")]
    [InlineData("(?:a{1,2}+)b", "aaab", "aaab")]
    [InlineData("a{,2}b", "aaab", "aab")]
    [InlineData("a{,b", "a{,b", "a{,b")]
    [InlineData("a+?", "aa", "a|a")]
    [InlineData("{}]", "{}]", "{}]")]
    // Places.
    [InlineData("^a", "a\na", "a|a")]
    [InlineData("a$", "a\na", "a|a")]
    [InlineData(@"\Aa|b\z", "a\nab", "a|b")]
    [InlineData(@"a\Z", "a\n", "a")]
    [InlineData(@"\b\w", "ab éd", "a|é")]
    [InlineData(@"\Bb", "ab b", "b")]
    [InlineData(@"\s+(?!\S)|\s+", "a   b  ", "  | |  ")]
    [InlineData("(?<=a)b|(?<!a)c", "abac c", "b|c")]
    [InlineData("(?m:.)|(?#nothing)x", "\n", "\n")]
    [InlineData("(?<name>a)(b)", "ab", "ab")]
    public void Matches_AreThoseOfOniguruma(string expression, string text, string expected)
    {
        var matches = new List<PatternMatch>();
        new RegexPattern(expression).Find(text, matches);

        Assert.Equal(expected, string.Join('|', matches.Select(match => text.Substring(match.Start, match.Length))));
    }

    [Theory]
    [InlineData("(a", "a '(' that is never closed")]
    [InlineData("a)", "an unmatched ')'")]
    [InlineData("[a", "an end where more is needed")]
    [InlineData("*a", "a quantifier with nothing to repeat")]
    [InlineData(@"\p{Klingon}", "the property Klingon, which is not supported")]
    [InlineData(@"\pL", @"a \p without a property in braces")]
    [InlineData(@"(a)\1", @"the escape \1, which is not supported")]
    [InlineData(@"\G", @"the escape \G, which is not supported")]
    [InlineData("(?x: a)", "a group option other than i and m")]
    [InlineData("[b-a]", "a range whose end is before its start")]
    [InlineData(@"\x{110000}", "an escape that is no Unicode character")]
    [InlineData("[[:nonsense:]]", "the class [:nonsense:], which is not supported")]
    public void MalformedExpression_IsNamed(string expression, string problem)
    {
        var exception = Assert.Throws<FormatException>(() => new RegexPattern(expression));

        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
        Assert.Contains(expression, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DeepNesting_IsRefused() =>
        Assert.Throws<FormatException>(() => new RegexPattern(new string('(', 100_000)));

    [Fact]
    public void EmptyMatches_AreFoundButNotBehindAnother()
    {
        var matches = new List<PatternMatch>();
        new RegexPattern("(?=b)|a").Find("abab", matches);

        Assert.Equal([new(0, 1), new(2, 1)], matches);
    }

    [Fact]
    public void EveryCharacter_HasTheCategoryThatDotNetGivesIt()
    {
        var letters = new RegexPattern(@"\p{L}");
        var matches = new List<PatternMatch>();
        for (var codePoint = 0; codePoint <= 0x10FFFF; codePoint += codePoint == 0xD7FF ? 0x801 : 1)
        {
            matches.Clear();
            letters.Find(char.ConvertFromUtf32(codePoint), matches);
            Assert.Equal(char.IsLetter(char.ConvertFromUtf32(codePoint), 0), matches.Count == 1);
        }
    }
}
