namespace Moesaic.Tokenizers.Unicode;

/// <summary>One of Unicode's four normalization forms.</summary>
internal readonly record struct UnicodeForm(bool Compatible, bool Composed)
{
    /// <summary>The form of that name (NFC, NFD, NFKC, NFKD); null if there is none.</summary>
    internal static UnicodeForm? TryFind(string name) => name switch
    {
        "NFC" => new(Compatible: false, Composed: true),
        "NFD" => new(Compatible: false, Composed: false),
        "NFKC" => new(Compatible: true, Composed: true),
        "NFKD" => new(Compatible: true, Composed: false),
        _ => null,
    };
}
