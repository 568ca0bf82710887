using Moesaic.Tokenizers.Decoders;

namespace Moesaic.Tokenizers;

/// <summary>Decodes ids one at a time; all it returns, put together, is what <see cref="Tokenizer.Decode"/> gives for all ids.</summary>
/// <remarks>To continue a prompt, append the prompt's ids first and leave their text. Not safe for concurrent use.</remarks>
public sealed class StreamingDecoder
{
    private readonly Tokenizer _tokenizer;
    private readonly bool _skipSpecialTokens;
    private readonly TextStage _text = new();
    private DecoderStage _first;

    /// <summary>Begins a sequence.</summary>
    public StreamingDecoder(Tokenizer tokenizer, bool skipSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        _tokenizer = tokenizer;
        _skipSpecialTokens = skipSpecialTokens;
        _first = tokenizer.BeginDecoding(_text);
    }

    /// <summary>The text that is now certain; empty while a character is incomplete.</summary>
    /// <exception cref="TokenizerException">The id is outside of the vocabulary; the sequence goes on without it.</exception>
    public string Append(int id)
    {
        _tokenizer.Push(id, _skipSpecialTokens, _first);
        return _text.Take();
    }

    /// <summary>The text that was held back, with U+FFFD for what stayed incomplete; a new sequence begins.</summary>
    public string Flush()
    {
        _first.Finish();
        _first = _tokenizer.BeginDecoding(_text);
        return _text.Take();
    }
}
