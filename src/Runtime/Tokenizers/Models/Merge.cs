namespace Moesaic.Tokenizers.Models;

/// <summary>A rule of byte-pair encoding: two neighbours become one token; the lowest rank goes first.</summary>
internal readonly record struct Merge(int Rank, int Id);
