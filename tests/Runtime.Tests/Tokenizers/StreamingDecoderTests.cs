using Moesaic.Tokenizers;

namespace Moesaic.Runtime.Tests.Tokenizers;

public sealed class StreamingDecoderTests
{
    [Fact]
    public void IncompleteCharacter_WaitsForItsBytes()
    {
        var tokenizer = TokenizerData.LoadSmall(TokenizerData.ByteLevel);
        var decoder = new StreamingDecoder(tokenizer);

        Assert.Equal(["", "", "", "🙂", "a"], Bytes(tokenizer, "ðŁĻĤa").Select(decoder.Append));
        Assert.Equal("", decoder.Flush());
    }

    [Fact]
    public void Flush_GivesWhatStaysIncompleteAndBeginsAnew()
    {
        var tokenizer = TokenizerData.LoadSmall(TokenizerData.ByteLevel);
        var decoder = new StreamingDecoder(tokenizer);

        Assert.Equal(["a", "", ""], Bytes(tokenizer, "aðŁ").Select(decoder.Append));
        Assert.Equal("\uFFFD", decoder.Flush());
        Assert.Equal("b", decoder.Append(tokenizer.IdOf("b")!.Value));
    }

    [Fact]
    public void BytesOfARun_WaitForItsEnd()
    {
        var tokenizer = TokenizerData.LoadSmall(TokenizerData.SentencePiece);
        var decoder = new StreamingDecoder(tokenizer);

        Assert.Equal(["", "", "", "", "😀 the"], new[] { "<0xF0>", "<0x9F>", "<0x98>", "<0x80>", "▁the" }.Select(token => decoder.Append(tokenizer.IdOf(token)!.Value)));
    }

    [Fact]
    public void LeadingSpace_GoesOnlyAtTheStartOfTheSequence()
    {
        var tokenizer = TokenizerData.LoadSmall(TokenizerData.SentencePiece);
        var decoder = new StreamingDecoder(tokenizer);
        var the = tokenizer.IdOf("▁the")!.Value;

        // <s> is skipped, so the word behind it is the first.
        Assert.Equal(["", "the", " the"], new[] { tokenizer.IdOf("<s>")!.Value, the, the }.Select(decoder.Append));
        Assert.Equal("", decoder.Flush());
        Assert.Equal("the", decoder.Append(the));
    }

    [Fact]
    public void SpecialTokens_AreKeptIfAskedFor()
    {
        var tokenizer = TokenizerData.LoadSmall(TokenizerData.ByteLevel);

        Assert.Equal("<|bos|>a", Streaming.Stream(tokenizer, tokenizer.Encode("a"), skipSpecialTokens: false));
        Assert.Equal("a", Streaming.Stream(tokenizer, tokenizer.Encode("a")));
    }

    [Fact]
    public void UnknownId_LeavesTheSequenceAsItWas()
    {
        var tokenizer = TokenizerData.LoadSmall(TokenizerData.ByteLevel);
        var decoder = new StreamingDecoder(tokenizer);
        var bytes = Bytes(tokenizer, "Ã©").ToArray();

        Assert.Equal("", decoder.Append(bytes[0]));
        Assert.Throws<TokenizerException>(() => decoder.Append(-1));
        Assert.Equal("é", decoder.Append(bytes[1]));
    }

    private static IEnumerable<int> Bytes(Tokenizer tokenizer, string characters) => characters.Select(character => tokenizer.IdOf(character.ToString())!.Value);
}
