namespace Moesaic.Tokenizers.Decoders;

/// <summary>A piece of a token between two decoders. Most are whole tokens; behind Fuse all text is one token, in many fragments.</summary>
internal readonly record struct Fragment(string Text, bool Starts = true, bool Ends = true);
