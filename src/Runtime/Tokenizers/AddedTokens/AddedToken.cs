namespace Moesaic.Tokenizers.AddedTokens;

/// <summary>A token that is found in the text as it is, before the model sees the text.</summary>
/// <param name="SingleWord">Only where no word character stands next to it.</param>
/// <param name="LeftStrip">Takes the white space before it.</param>
/// <param name="RightStrip">Takes the white space behind it.</param>
/// <param name="Normalized">Is looked for in normalized text, itself normalized.</param>
/// <param name="Special">Is left out when decoding skips special tokens.</param>
internal sealed record AddedToken(int Id, string Content, bool SingleWord, bool LeftStrip, bool RightStrip, bool Normalized, bool Special);
