using System.Text.Json;
using Moesaic.Tokenizers.Loading;

namespace Moesaic.Tokenizers.Models;

/// <summary>The key "model.vocab": each token's id and, by id, the tokens.</summary>
internal sealed record ModelVocabulary(Dictionary<string, int> Ids, IReadOnlyList<string?> Tokens)
{
    internal static ModelVocabulary Read(JsonPart part)
    {
        if (part.Element.ValueKind != JsonValueKind.Object)
        {
            throw part.Fail($"expected an object of tokens and ids, found {part.Found()}");
        }

        var ids = new Dictionary<string, int>(part.Element.GetPropertyCount(), StringComparer.Ordinal);
        var tokens = new List<string?>(ids.Capacity);
        foreach (var member in part.Element.EnumerateObject())
        {
            var token = member.Name;
            var id = ReadId(part, token, member.Value);
            if (!ids.TryAdd(token, id))
            {
                throw part.Fail($"the token \"{token}\" is there twice; expected each once");
            }

            while (tokens.Count <= id)
            {
                tokens.Add(null);
            }

            if (tokens[id] is { } other)
            {
                throw part.Fail($"\"{other}\" and \"{token}\" both have the id {id}; expected an id of its own for each");
            }

            tokens[id] = token;
        }

        return new(ids, tokens);
    }

    private static int ReadId(JsonPart part, string token, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var id) && id is >= 0 and <= JsonPart.LargestTokenId
            ? id
            : throw part.Fail($"the token \"{token}\" has the id {value.GetRawText()}; expected a whole number from 0 to {JsonPart.LargestTokenId}");
}
