using Moesaic.Tokenizers.Loading;
using Moesaic.Tokenizers.Patterns;

namespace Moesaic.Tokenizers.PreTokenizers;

/// <summary>Reads the key "pre_tokenizer".</summary>
internal static class PreTokenizerReader
{
    private const string Supported = "ByteLevel, Split, Metaspace, Digits, Punctuation, Whitespace, WhitespaceSplit, CharDelimiterSplit or Sequence";

    internal static PreTokenizer Read(JsonPart? part) => part is { } given ? Read(given) : new PreTokenizerSequence([]);

    private static PreTokenizer Read(JsonPart part) => part["type"].Text() switch
    {
        "Sequence" => new PreTokenizerSequence([.. part["pretokenizers"].Items().Select(Read)]),
        "ByteLevel" => new ByteLevelPreTokenizer(part.Flag("add_prefix_space", otherwise: true), part.Flag("use_regex", otherwise: true)),
        "Split" => new SplitPreTokenizer(PatternReading.Read(part["pattern"]), ReadBehavior(part["behavior"]), part.Flag("invert", otherwise: false)),
        "Metaspace" => ReadMetaspace(part),
        "Digits" => new SplitPreTokenizer(
            new RegexPattern(@"\p{N}"),
            part.Flag("individual_digits", otherwise: false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
        "Punctuation" => new SplitPreTokenizer(
            new RegexPattern(@"[!-/:-@\[-`{-~\p{P}]"),
            part.TryGet("behavior") is { } behavior ? ReadBehavior(behavior) : SplitBehavior.Isolated),
        // Here \w is Rust's, which takes the two joiners too.
        "Whitespace" => new SplitPreTokenizer(new RegexPattern(@"[\w\u200C\u200D]+|[^\w\s\u200C\u200D]+"), SplitBehavior.Removed, invert: true),
        "WhitespaceSplit" => new SplitPreTokenizer(new RegexPattern(@"\s"), SplitBehavior.Removed),
        "CharDelimiterSplit" => new SplitPreTokenizer(new LiteralPattern(part["delimiter"].Character()), SplitBehavior.Removed),
        _ => throw part.Unsupported("pre-tokenizer", Supported),
    };

    private static MetaspacePreTokenizer ReadMetaspace(JsonPart part)
    {
        var (replacement, scheme) = MetaspaceReader.Read(part);
        return new(replacement, scheme, part.Flag("split", otherwise: true));
    }

    private static SplitBehavior ReadBehavior(JsonPart part) => part.Text() switch
    {
        "Removed" => SplitBehavior.Removed,
        "Isolated" => SplitBehavior.Isolated,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        _ => throw part.Fail($"expected Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous, found {part.Found()}"),
    };
}
