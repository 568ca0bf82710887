namespace Moesaic.Generators.Known;

/// <summary>What published models are, of which neither a name nor a shape nor a key of config.json tells: by the reference implementations.</summary>
/// <param name="ModelType">The <c>model_type</c> of config.json.</param>
internal sealed record PublishedFacts(string ModelType)
{
    private static readonly Dictionary<string, PublishedFacts> ByModelType = new PublishedFacts[]
    {
        new("afmoe") { Renormalizes = true },
        new("arctic") { Renormalizes = true },
        new("aria") { Transposed = true },
        new("aria_text") { Transposed = true },
        new("cohere2_moe"),
        new("deepseek_v2"),
        new("deepseek_v3"),
        new("dots1"),
        new("ernie4_5_moe"),
        new("exaone_moe"),
        new("flex_olmo"),
        new("glm4_moe"),
        new("glm4_moe_lite"),
        new("gpt_oss") { Interleaved = true, Transposed = true },
        new("granitemoe"),
        new("granitemoehybrid"),
        new("granitemoeshared"),
        new("grok-1") { Renormalizes = true },
        new("hunyuan_v1_moe") { Renormalizes = true },
        new("jamba") { Renormalizes = false },
        new("lfm2_moe"),
        new("llama4") { Transposed = true },
        new("llama4_text") { Transposed = true },
        new("mimo_v2_flash"),
        new("minimax") { Renormalizes = true },
        new("minimax_m2") { Renormalizes = true },
        new("mixtral") { Renormalizes = true },
        new("olmoe"),
        new("phimoe"),
        new("qwen2_moe"),
        new("qwen3_moe"),
        new("qwen3_next"),
        new("solar_open"),
    }.ToDictionary(static facts => facts.ModelType, StringComparer.Ordinal);

    /// <summary>Gate and up rows alternate in their one tensor.</summary>
    public bool Interleaved { get; init; }

    /// <summary>Experts are kept input by output.</summary>
    public bool Transposed { get; init; }

    /// <summary>A token's weights are divided by their sum, or are not; null where a key of config.json says so, or the router has no such choice.</summary>
    public bool? Renormalizes { get; init; }

    public static IEnumerable<PublishedFacts> All => ByModelType.Values;

    /// <summary>Null for a model that is not known here.</summary>
    public static PublishedFacts? Of(string modelType) => ByModelType.TryGetValue(modelType, out var facts) ? facts : null;
}
