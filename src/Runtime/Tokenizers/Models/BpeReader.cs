using System.Text.Json;
using Moesaic.Tokenizers.Loading;

namespace Moesaic.Tokenizers.Models;

/// <summary>Reads the key "model".</summary>
internal static class BpeReader
{
    internal static BpeModel Read(JsonPart part, ModelVocabulary vocabulary)
    {
        RefuseText(part, "continuing_subword_prefix");
        RefuseText(part, "end_of_word_suffix");
        if (part.TryGet("dropout") is { } dropout && !(dropout.Element.ValueKind == JsonValueKind.Number && dropout.Element.GetDouble() == 0))
        {
            throw dropout.Fail($"expected null, found {dropout.Found()}; encoding must not be random, so set it to null");
        }

        var merges = MergeReader.Read(part["merges"], vocabulary.Ids);
        return new(vocabulary.Ids, merges, ReadOptions(part, vocabulary.Ids) with { WordStart = FindWordStart(vocabulary, merges) });
    }

    /// <exception cref="TokenizerException">The model is of another type.</exception>
    internal static void RefuseOthers(JsonPart part)
    {
        // Old files leave the type out, and only those of BPE have merges.
        if (part.TryGet("type") is { } type ? type.Text() != "BPE" : part.TryGet("merges") is null)
        {
            throw part.Unsupported("model", "BPE, byte-level or with byte fallback");
        }
    }

    /// <summary>▁, if no merge joins it to anything but ▁ before it: then every ▁ behind another character starts a word.</summary>
    private static char? FindWordStart(ModelVocabulary vocabulary, MergeTable merges)
    {
        const char Space = '▁';
        var starts = vocabulary.Ids.ContainsKey(Space.ToString())
            && merges.Results.All(id => vocabulary.Tokens[id]!.AsSpan().TrimStart(Space).IndexOf(Space) < 0);
        return starts ? Space : null;
    }

    private static void RefuseText(JsonPart part, string name)
    {
        if (part.TryGet(name) is { } text && text.Text().Length > 0)
        {
            throw text.Fail($"expected null or an empty string, found {text.Found()}; such vocabularies are not supported");
        }
    }

    private static BpeOptions ReadOptions(JsonPart part, Dictionary<string, int> ids)
    {
        int? unknown = null;
        if (part.TryGet("unk_token") is { } token)
        {
            unknown = ids.TryGetValue(token.Text(), out var id) ? id : throw token.Fail($"expected a token of the vocabulary, found {token.Found()}");
        }

        return new(unknown, part.Flag("fuse_unk", otherwise: false), part.Flag("byte_fallback", otherwise: false), part.Flag("ignore_merges", otherwise: false));
    }
}
