namespace Moesaic.Tokenizers.Models;

/// <summary>How a byte-pair model treats what its vocabulary lacks, and words that it has whole.</summary>
/// <param name="Unknown">The id for characters without a token; null drops them.</param>
/// <param name="FuseUnknown">Whether several in a row give one id.</param>
/// <param name="ByteFallback">Whether such a character is written as tokens of its bytes, &lt;0xE2&gt;.</param>
/// <param name="IgnoreMerges">Whether a word that is a token is that token, whatever the merges would make of it.</param>
/// <param name="WordStart">A character before which, behind any other, no merge reaches: the text may be cut there; null if there is none.</param>
internal readonly record struct BpeOptions(int? Unknown, bool FuseUnknown, bool ByteFallback, bool IgnoreMerges, char? WordStart = null);
