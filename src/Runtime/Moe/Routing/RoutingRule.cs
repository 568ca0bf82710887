namespace Moesaic;

/// <summary>A router as numbers, in the order in which they are used: what a GPU kernel needs to route a token.</summary>
/// <remarks>
/// scores (of logits, perhaps soft-capped) → groups → the K best → function of the chosen scores → renormalization → factor.
/// </remarks>
/// <param name="TopK">K.</param>
/// <param name="Scores">What an expert is chosen by, plus its bias.</param>
public readonly record struct RoutingRule(int TopK, RoutingScores Scores)
{
    /// <summary>c of c · tanh(x / c), by which logits are bounded; 0 for none.</summary>
    public float Softcap { get; init; }

    /// <summary>Groups of consecutive experts; 1 for none.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Groups that a token keeps.</summary>
    public int TopkGroup { get; init; } = 1;

    /// <summary>A group counts as much as its so many best experts, 1 or 2.</summary>
    public int GroupBest { get; init; } = 1;

    /// <summary>What is made of the scores of the chosen: nothing, softmax over K, or sigmoid.</summary>
    public RoutingScores ChosenScores { get; init; } = RoutingScores.Logits;

    /// <summary>Weights are divided by their sum: 1 for yes, since a kernel's parameters have no bool.</summary>
    public int Renormalize { get; init; }

    /// <summary>Added to that sum.</summary>
    public float Epsilon { get; init; }

    /// <summary>Multiplies the weights.</summary>
    public float Factor { get; init; } = 1f;
}
