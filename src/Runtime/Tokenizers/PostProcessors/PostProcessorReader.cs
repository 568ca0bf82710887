using Moesaic.Tokenizers.Loading;

namespace Moesaic.Tokenizers.PostProcessors;

/// <summary>Reads the key "post_processor".</summary>
internal static class PostProcessorReader
{
    internal static PostProcessor Read(JsonPart? part) => part is { } given ? Read(given) : new PostProcessorSequence([]);

    private static PostProcessor Read(JsonPart part) => part["type"].Text() switch
    {
        "Sequence" => new PostProcessorSequence([.. part["processors"].Items().Select(Read)]),
        "ByteLevel" => new PostProcessorSequence([]),
        "TemplateProcessing" => new TemplateProcessor([.. part["single"].Items().SelectMany(piece => ReadPiece(part, piece))]),
        _ => throw part.Unsupported("post-processor", "TemplateProcessing, ByteLevel or Sequence"),
    };

    private static IEnumerable<int?> ReadPiece(JsonPart template, JsonPart piece)
    {
        if (piece.TryGet("Sequence") is { } sequence)
        {
            return sequence["id"].Text() == "A" ? [null] : throw sequence["id"].Fail($"expected \"A\", the text, found {sequence["id"].Found()}");
        }

        var special = piece.TryGet("SpecialToken") ?? throw piece.Fail("expected the key \"Sequence\" or \"SpecialToken\", found neither");
        return [.. template["special_tokens"][special["id"].Text()]["ids"].Items().Select(static id => (int?)id.TokenId())];
    }
}
