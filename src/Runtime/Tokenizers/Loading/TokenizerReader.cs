using Moesaic.Tokenizers.AddedTokens;
using Moesaic.Tokenizers.Decoders;
using Moesaic.Tokenizers.Models;
using Moesaic.Tokenizers.Normalizers;
using Moesaic.Tokenizers.PostProcessors;
using Moesaic.Tokenizers.PreTokenizers;

namespace Moesaic.Tokenizers.Loading;

/// <summary>Puts a tokenizer together from the document.</summary>
internal static class TokenizerReader
{
    internal static Tokenizer Read(JsonPart document)
    {
        BpeReader.RefuseOthers(document["model"]);
        var normalizer = NormalizerReader.Read(document.TryGet("normalizer"));
        var preTokenizer = PreTokenizerReader.Read(document.TryGet("pre_tokenizer"));
        var postProcessor = PostProcessorReader.Read(document.TryGet("post_processor"));
        var decoder = DecoderReader.Read(document.TryGet("decoder"));
        var added = AddedTokenReader.Read(document.TryGet("added_tokens"));
        var vocabulary = ModelVocabulary.Read(document["model"]["vocab"]);
        RefuseConflicts(document, added, vocabulary);
        var model = BpeReader.Read(document["model"], vocabulary);
        return new(new Vocabulary(vocabulary, added), new Encoder(normalizer, preTokenizer, model, added), postProcessor, decoder);
    }

    private static void RefuseConflicts(JsonPart document, IReadOnlyList<AddedToken> added, ModelVocabulary vocabulary)
    {
        var contents = new Dictionary<int, string>();
        foreach (var token in added)
        {
            var other = contents.TryGetValue(token.Id, out var earlier) ? earlier : token.Id < vocabulary.Tokens.Count ? vocabulary.Tokens[token.Id] : null;
            if (other is not null && other != token.Content)
            {
                throw document["added_tokens"].Fail($"\"{other}\" and \"{token.Content}\" both have the id {token.Id}; expected an id of its own for each");
            }

            if (vocabulary.Ids.TryGetValue(token.Content, out var id) && id != token.Id)
            {
                throw document["added_tokens"].Fail($"\"{token.Content}\" has the id {token.Id}, and {id} in model.vocab; expected one id");
            }

            contents[token.Id] = token.Content;
        }
    }
}
