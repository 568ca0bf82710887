namespace Moesaic.Generation;

/// <summary>How the next token is chosen and when to stop.</summary>
public sealed record GenerationOptions
{
    /// <summary>At most this many new tokens.</summary>
    public int MaxTokens { get; init; } = 64;

    /// <summary>Logits are divided by it; 0 takes the likeliest token each time.</summary>
    public double Temperature { get; init; }

    /// <summary>Only the likeliest this many are drawn from; null for all.</summary>
    public int? TopK { get; init; }

    /// <summary>Only the likeliest whose probabilities reach this sum are drawn from; null for all.</summary>
    public double? TopP { get; init; }

    /// <summary>Seed of the draws; the same seed gives the same text. Null draws a seed.</summary>
    public int? Seed { get; init; }

    /// <summary>Ids that end the text and are not part of it.</summary>
    public IReadOnlySet<int> StopIds { get; init; } = new HashSet<int>();
}
