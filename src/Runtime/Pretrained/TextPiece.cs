namespace Moesaic;

/// <summary>Text that a new token made certain.</summary>
/// <param name="Text">May be empty: a character may take several tokens.</param>
/// <param name="TokenCount">New tokens so far.</param>
public readonly record struct TextPiece(string Text, int TokenCount);
