using Moesaic.Configs;

namespace Moesaic;

/// <summary>How positions turn queries and keys: the numbers of config.json's <c>rope_parameters</c>, or of <c>rope_scaling</c> and <c>rope_theta</c>.</summary>
public sealed record RopeParameters : IConfigValue<RopeParameters>
{
    /// <summary>The rule that stretches the frequencies.</summary>
    public RopeType Type { get; init; }

    /// <summary>Base of the frequencies.</summary>
    public double Theta { get; init; } = 10000;

    /// <summary>The share of a head that turns; the rest passes unturned.</summary>
    public double PartialRotaryFactor { get; init; } = 1;

    /// <summary>How many times longer the context became.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>The context length before that; null where config.json has none.</summary>
    public int? OriginalMaxPositionEmbeddings { get; init; }

    /// <summary><c>max_position_embeddings</c> of the whole config.</summary>
    public int MaxPositionEmbeddings { get; init; }

    /// <summary>Factor on cosine and sine; null where the rule computes it.</summary>
    public double? AttentionFactor { get; init; }

    /// <summary>yarn: rotations above which a frequency stays as it is.</summary>
    public double BetaFast { get; init; } = 32;

    /// <summary>yarn: rotations below which a frequency is stretched whole.</summary>
    public double BetaSlow { get; init; } = 1;

    /// <summary>yarn: weight of the logarithm in the attention factor.</summary>
    public double? Mscale { get; init; }

    /// <summary>yarn: the same for the factor that is divided out again.</summary>
    public double? MscaleAllDim { get; init; }

    /// <summary>yarn: the bounds are rounded to whole dimensions.</summary>
    public bool Truncate { get; init; } = true;

    /// <summary>llama3: wavelengths longer than original length / this are stretched whole.</summary>
    public double LowFreqFactor { get; init; } = 1;

    /// <summary>llama3: wavelengths shorter than original length / this stay.</summary>
    public double HighFreqFactor { get; init; } = 4;

    /// <summary>longrope: a factor per frequency up to the original length.</summary>
    public IReadOnlyList<double> ShortFactor { get; init; } = [];

    /// <summary>longrope: a factor per frequency beyond it.</summary>
    public IReadOnlyList<double> LongFactor { get; init; } = [];

    /// <summary>Factor on cosine and sine up to the original length, before any that the rule computes; null for that of the rule.</summary>
    public double? ShortMscale { get; init; }

    /// <summary>The same beyond the original length.</summary>
    public double? LongMscale { get; init; }

    /// <summary>dynamic: a fixed exponent base in place of the sequence length (Hunyuan).</summary>
    public double? Alpha { get; init; }

    /// <summary>Factor on attention scores by which DeepSeek's models make up for a longer context; 1 without <see cref="MscaleAllDim"/>.</summary>
    internal double ScoreFactor => Type is RopeType.Default ? 1 : Math.Pow(YarnMscale(Factor, MscaleAllDim ?? 0), 2);

    /// <inheritdoc/>
    public static RopeParameters Read(ConfigReader reader)
    {
        var rope = reader.Section("rope_parameters") ?? reader.Section("rope_scaling");
        return rope is null ? Plain(reader) : Read(reader, rope);
    }

    private static RopeParameters Plain(ConfigReader reader) => new()
    {
        Theta = reader.OptionalDouble("rope_theta") ?? 10000,
        PartialRotaryFactor = reader.OptionalDouble("partial_rotary_factor") ?? 1,
        MaxPositionEmbeddings = reader.OptionalInt32("max_position_embeddings") ?? 0,
    };

    /// <summary>Reads one set of numbers; layers of different kinds may each have their own.</summary>
    /// <param name="reader">The whole config.</param>
    /// <param name="rope">The section that holds the set.</param>
    public static RopeParameters Read(ConfigReader reader, ConfigReader rope)
    {
        var plain = Plain(reader);
        var original = reader.OptionalInt32("original_max_position_embeddings") ?? rope.OptionalInt32("original_max_position_embeddings");
        var type = TypeOf(rope);
        return plain with
        {
            Type = type,
            Theta = rope.OptionalDouble("rope_theta") ?? plain.Theta,
            PartialRotaryFactor = rope.OptionalDouble("partial_rotary_factor") ?? plain.PartialRotaryFactor,
            Factor = rope.OptionalDouble("factor") ?? (type is RopeType.LongRope or RopeType.Yarn && original > 0 ? (double)plain.MaxPositionEmbeddings / original.Value : 1),
            OriginalMaxPositionEmbeddings = original,
            AttentionFactor = rope.OptionalDouble("attention_factor"),
            BetaFast = rope.OptionalDouble("beta_fast") ?? 32,
            BetaSlow = rope.OptionalDouble("beta_slow") ?? 1,
            Mscale = rope.OptionalDouble("mscale"),
            MscaleAllDim = rope.OptionalDouble("mscale_all_dim"),
            Truncate = rope.OptionalBoolean("truncate") ?? true,
            LowFreqFactor = rope.OptionalDouble("low_freq_factor") ?? 1,
            HighFreqFactor = rope.OptionalDouble("high_freq_factor") ?? 4,
            ShortFactor = rope.OptionalDoubles("short_factor") ?? [],
            LongFactor = rope.OptionalDoubles("long_factor") ?? [],
            ShortMscale = rope.OptionalDouble("short_mscale"),
            LongMscale = rope.OptionalDouble("long_mscale"),
            Alpha = rope.OptionalDouble("alpha"),
        };
    }

    /// <summary>1 + 0.1 · weight · ln(factor): how much a context longer by this factor sharpens attention. https://arxiv.org/abs/2309.00071, 3.4.</summary>
    internal static double YarnMscale(double factor, double weight) => factor <= 1 ? 1 : (0.1 * weight * Math.Log(factor)) + 1;

    private static RopeType TypeOf(ConfigReader rope) => rope.OptionalString("rope_type", "type") switch
    {
        null or "default" => RopeType.Default,
        "linear" => RopeType.Linear,
        "dynamic" => RopeType.Dynamic,
        "yarn" => RopeType.Yarn,
        "llama3" => RopeType.Llama3,
        "longrope" or "su" => RopeType.LongRope,
        var other => throw rope.Error("rope_type", "default, linear, dynamic, yarn, llama3 or longrope", other, "this rule is not known"),
    };
}
