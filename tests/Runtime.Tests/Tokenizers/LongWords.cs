using System.Diagnostics;
using Moesaic.Tokenizers;

namespace Moesaic.Runtime.Tests.Tokenizers;

internal static class LongWords
{
    /// <summary>100 000 characters without a space; quadratic time would take minutes.</summary>
    internal static void AssertLinear(Tokenizer tokenizer)
    {
        var letters = string.Concat(Enumerable.Range(0, 100_000).Select(static i => (char)('a' + (i * 7919 % 26))));
        var clock = Stopwatch.StartNew();
        foreach (var text in new[] { letters, new string('A', 100_000), new string('中', 100_000), new string(' ', 100_000) + "x", string.Concat(Enumerable.Repeat("😀", 50_000)) })
        {
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, addSpecialTokens: false), skipSpecialTokens: false));
        }

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"took {clock.Elapsed}");
    }
}
