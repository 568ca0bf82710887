using Moesaic.Tokenizers.Decoders;
using Moesaic.Tokenizers.Loading;
using Moesaic.Tokenizers.PostProcessors;

namespace Moesaic.Tokenizers;

/// <summary>Text to token ids and back, as a checkpoint's tokenizer.json says. Safe for concurrent use.</summary>
public sealed class Tokenizer
{
    private readonly Vocabulary _vocabulary;
    private readonly Encoder _encoder;
    private readonly PostProcessor _postProcessor;
    private readonly Decoder _decoder;

    internal Tokenizer(Vocabulary vocabulary, Encoder encoder, PostProcessor postProcessor, Decoder decoder)
    {
        _vocabulary = vocabulary;
        _encoder = encoder;
        _postProcessor = postProcessor;
        _decoder = decoder;
    }

    /// <summary>The largest token id and one, added tokens included; a model may have more rows than that.</summary>
    public int VocabularySize => _vocabulary.Size;

    /// <summary>Loads a tokenizer.json of byte-pair encoding: byte-level, or with byte fallback.</summary>
    /// <exception cref="TokenizerException">The file is missing, malformed, or of a kind that is not supported.</exception>
    public static Tokenizer Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return TokenizerFile.Read(path, TokenizerReader.Read);
    }

    /// <summary>The ids of a text, with the special tokens of tokenizer.json around them unless told otherwise.</summary>
    /// <remarks>Special tokens that the text spells out, such as &lt;|im_start|&gt;, are recognized in either case.</remarks>
    public int[] Encode(string text, bool addSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = _encoder.Encode(text);
        return [.. addSpecialTokens ? _postProcessor.Process(ids) : ids];
    }

    /// <summary>The text of ids; bytes that are no UTF-8 become U+FFFD.</summary>
    /// <exception cref="TokenizerException">An id is outside of the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true)
    {
        var text = new TextStage();
        var first = BeginDecoding(text);
        foreach (var id in ids)
        {
            Push(id, skipSpecialTokens, first);
        }

        first.Finish();
        return text.Take();
    }

    /// <summary>The id of a token, spelled as in tokenizer.json; null if there is none.</summary>
    public int? IdOf(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _vocabulary.IdOf(token);
    }

    /// <summary>The token of an id, spelled as in tokenizer.json; null if there is none.</summary>
    public string? TokenOf(int id) => _vocabulary.TokenOf(id);

    /// <summary>Whether an id is a special token, which decoding leaves out; false outside of the vocabulary.</summary>
    public bool IsSpecial(int id) => _vocabulary.IsSpecial(id);

    internal DecoderStage BeginDecoding(TextStage text) => _decoder.Begin(text);

    /// <summary>Sends one id through the decoders.</summary>
    internal void Push(int id, bool skipSpecialTokens, DecoderStage first)
    {
        var token = _vocabulary.Require(id);
        if (!skipSpecialTokens || !_vocabulary.IsSpecial(id))
        {
            first.Push(new(token));
        }
    }
}
