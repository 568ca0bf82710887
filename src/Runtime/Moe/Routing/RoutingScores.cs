namespace Moesaic;

/// <summary>What an expert is chosen by.</summary>
public enum RoutingScores
{
    /// <summary>The logit itself.</summary>
    Logits,

    /// <summary>exp(x) / Σ exp(x) over all experts.</summary>
    Softmax,

    /// <summary>1 / (1 + exp(−x)).</summary>
    Sigmoid,
}
