namespace Moesaic.Tokenizers.Patterns;

/// <summary>One item of a parsed expression: a set of code points, which matches one of them, or syntax that .NET shares.</summary>
internal readonly record struct PatternItem(string Syntax, CodePointSet? Set = null);
