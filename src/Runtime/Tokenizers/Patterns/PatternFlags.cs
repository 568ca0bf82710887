namespace Moesaic.Tokenizers.Patterns;

/// <summary>The options of a group, (?im:...), in Ruby's meaning of the letters.</summary>
internal readonly record struct PatternFlags(bool IgnoreCase, bool DotMatchesNewline);
