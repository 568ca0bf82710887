using Moesaic.Generators.Json;

namespace Moesaic.Generators.Checkpoints;

/// <summary>Keys by which published configs say how tokens are routed and what an expert computes. No tensor tells what they tell.</summary>
internal static class RoutingKeys
{
    private static readonly JsonValue One = new() { Kind = JsonKind.Number, Number = 1 };

    /// <summary>By key, the value that says nothing; null where each says something.</summary>
    public static IReadOnlyDictionary<string, JsonValue?> Neutral { get; } = new Dictionary<string, JsonValue?>(StringComparer.Ordinal)
    {
        ["hidden_act"] = null,
        ["hidden_activation"] = null,
        ["swiglu_limit"] = null,
        ["scoring_func"] = null,
        ["score_func"] = null,
        ["topk_method"] = null,
        ["router_logit_softcapping"] = null,
        ["norm_topk_prob"] = new() { Kind = JsonKind.Boolean, Boolean = false },
        ["route_norm"] = new() { Kind = JsonKind.Boolean, Boolean = false },
        ["routed_scaling_factor"] = One,
        ["route_scale"] = One,
        ["n_group"] = One,
        ["topk_group"] = One,
    };
}
