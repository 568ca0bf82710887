namespace Moesaic.Tokenizers.AddedTokens;

/// <summary>A part of a text: an added token, whose id is given, or what lies between.</summary>
internal readonly record struct Section(int Start, int Length, int? Id = null);
