using Moesaic.Tokenizers.Loading;

namespace Moesaic.Tokenizers.PreTokenizers;

/// <summary>Reads what Metaspace has in common as a pre-tokenizer and as a decoder.</summary>
internal static class MetaspaceReader
{
    internal static (string Replacement, PrependScheme Scheme) Read(JsonPart part) => (part["replacement"].Character(), ReadScheme(part));

    /// <summary>Older files say add_prefix_space instead of prepend_scheme.</summary>
    private static PrependScheme ReadScheme(JsonPart part)
    {
        var adds = part.Flag("add_prefix_space", otherwise: true);
        return part.TryGet("prepend_scheme") is not { } scheme
            ? adds ? PrependScheme.Always : PrependScheme.Never
            : scheme.Text() switch
            {
                "always" when adds => PrependScheme.Always,
                "first" when adds => PrependScheme.First,
                "never" => PrependScheme.Never,
                "always" or "first" => throw scheme.Fail($"expected \"never\", since add_prefix_space is false, found {scheme.Found()}"),
                _ => throw scheme.Fail($"expected always, first or never, found {scheme.Found()}"),
            };
    }
}
