using System.Globalization;
using Moesaic.Tokenizers.AddedTokens;
using Moesaic.Tokenizers.Models;

namespace Moesaic.Tokenizers;

/// <summary>Tokens by id and ids by token, those of the model and the added ones.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _model;
    private readonly Dictionary<string, int> _added = new(StringComparer.Ordinal);
    private readonly HashSet<string> _special;
    private readonly string?[] _tokens;

    internal Vocabulary(ModelVocabulary model, IReadOnlyList<AddedToken> added)
    {
        _model = model.Ids;
        _tokens = [.. model.Tokens];
        _special = [.. added.Where(static token => token.Special).Select(static token => token.Content)];
        Array.Resize(ref _tokens, added.Select(static token => token.Id + 1).Append(_tokens.Length).Max());
        foreach (var token in added)
        {
            _added[token.Content] = token.Id;
            _tokens[token.Id] = token.Content;
        }
    }

    /// <summary>The largest id and one.</summary>
    internal int Size => _tokens.Length;

    internal int? IdOf(string token) => _added.TryGetValue(token, out var id) || _model.TryGetValue(token, out id) ? id : null;

    internal string? TokenOf(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;

    internal bool IsSpecial(int id) => TokenOf(id) is { } token && _special.Contains(token);

    /// <exception cref="TokenizerException">The id is no token's.</exception>
    internal string Require(int id) => TokenOf(id) ?? throw new TokenizerException((uint)id < (uint)Size
        ? string.Create(CultureInfo.InvariantCulture, $"token id {id} has no token: it is one of the gaps in the vocabulary's {Size} ids; pass only ids that the tokenizer gives")
        : string.Create(CultureInfo.InvariantCulture, $"token id {id} is outside of the vocabulary: expected 0 to {Size - 1}, its size is {Size}; is this the model's own tokenizer?"));
}
