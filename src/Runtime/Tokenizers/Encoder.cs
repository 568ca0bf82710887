using System.Text;
using Moesaic.Tokenizers.AddedTokens;
using Moesaic.Tokenizers.Models;
using Moesaic.Tokenizers.Normalizers;
using Moesaic.Tokenizers.PreTokenizers;

namespace Moesaic.Tokenizers;

/// <summary>Text to ids, before special tokens are put around them. Safe for concurrent use.</summary>
internal sealed class Encoder(Normalizer normalizer, PreTokenizer preTokenizer, BpeModel model, IReadOnlyList<AddedToken> added)
{
    private readonly AddedTokenFinder _plain = new(added.Where(static token => !token.Normalized).Select(static token => (token.Content, token)));
    private readonly AddedTokenFinder _normalized = new(added.Where(static token => token.Normalized).Select(token => (normalizer.Normalize(token.Content), token)));

    internal List<int> Encode(string text)
    {
        text = WellFormed(text);
        var ids = new List<int>();
        var merger = model.CreateMerger();
        foreach (var section in _plain.Split(text))
        {
            if (section.Id is { } id)
            {
                ids.Add(id);
                continue;
            }

            var normalized = normalizer.Normalize(section.Length == text.Length ? text : text.Substring(section.Start, section.Length));
            foreach (var inner in _normalized.Split(normalized))
            {
                if (inner.Id is { } innerId)
                {
                    ids.Add(innerId);
                    continue;
                }

                var pieces = new Pieces(normalized.AsMemory(inner.Start, inner.Length), atStart: section.Start == 0 && inner.Start == 0);
                preTokenizer.Apply(pieces);
                for (var i = 0; i < pieces.Count; i++)
                {
                    model.Encode(pieces[i], merger, ids);
                }
            }
        }

        return ids;
    }

    /// <summary>A lone surrogate is no character: it becomes U+FFFD, as everywhere in .NET.</summary>
    private static string WellFormed(string text) =>
        text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0 ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
