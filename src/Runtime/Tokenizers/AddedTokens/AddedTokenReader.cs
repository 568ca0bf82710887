using Moesaic.Tokenizers.Loading;

namespace Moesaic.Tokenizers.AddedTokens;

/// <summary>Reads the key "added_tokens".</summary>
internal static class AddedTokenReader
{
    internal static IReadOnlyList<AddedToken> Read(JsonPart? part) => part is { } given ? [.. given.Items().Select(Read)] : [];

    private static AddedToken Read(JsonPart part)
    {
        var special = part.Flag("special", otherwise: false);
        return new(
            part["id"].TokenId(),
            part["content"].Text(),
            part.Flag("single_word", otherwise: false),
            part.Flag("lstrip", otherwise: false),
            part.Flag("rstrip", otherwise: false),
            part.Flag("normalized", otherwise: !special),
            special);
    }
}
