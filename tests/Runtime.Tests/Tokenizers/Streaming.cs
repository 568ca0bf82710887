using System.Text;
using Moesaic.Tokenizers;

namespace Moesaic.Runtime.Tests.Tokenizers;

internal static class Streaming
{
    /// <summary>Streams random ids and compares with the whole; returns nothing, or fails.</summary>
    internal static void AssertEqualsWhole(Tokenizer tokenizer, Random random, int rounds)
    {
        var ids = Enumerable.Range(0, tokenizer.VocabularySize).Where(id => tokenizer.TokenOf(id) is not null).ToArray();
        // Single bytes lie at the front of every vocabulary, and make incomplete characters.
        var front = ids.Where(static id => id < 300).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            var sequence = Enumerable.Range(0, random.Next(0, 20)).Select(_ => random.Next(3) == 0 ? ids[random.Next(ids.Length)] : front[random.Next(front.Length)]).ToArray();
            var skips = random.Next(2) == 0;
            Assert.Equal(tokenizer.Decode(sequence, skips), Stream(tokenizer, sequence, skips));
        }
    }

    internal static string Stream(Tokenizer tokenizer, IEnumerable<int> ids, bool skipSpecialTokens = true)
    {
        var decoder = new StreamingDecoder(tokenizer, skipSpecialTokens);
        var text = new StringBuilder();
        foreach (var id in ids)
        {
            var part = decoder.Append(id);
            Assert.False(part.Length > 0 && (char.IsHighSurrogate(part[^1]) || char.IsLowSurrogate(part[0])), "a character was cut in two");
            text.Append(part);
        }

        return text.Append(decoder.Flush()).ToString();
    }
}
