namespace Moesaic;

/// <summary>Rotary frequencies of one head width: an angle per position and pair of dimensions.</summary>
/// <param name="Parameters">The rule and its numbers.</param>
/// <param name="HeadDim">Width of a head, of which a share turns.</param>
internal sealed record RotaryFrequencies(RopeParameters Parameters, int HeadDim)
{
    /// <summary>The share of a head that turns, in dimensions; where it is odd, the last of them turns with the one after it.</summary>
    private int Share { get; } = (int)(HeadDim * Parameters.PartialRotaryFactor);

    /// <summary>How many dimensions of a head turn; even.</summary>
    internal int RotaryDim => Share + (Share % 2);

    /// <summary>The angles depend on how long the sequence is by now.</summary>
    internal bool DependOnLength =>
        Parameters.Type is RopeType.LongRope || Parameters.LongMscale is not null || (Parameters.Type is RopeType.Dynamic && Parameters.Alpha is null);

    private int OriginalLength => Parameters.OriginalMaxPositionEmbeddings ?? Parameters.MaxPositionEmbeddings;

    /// <summary>Factor on cosine and sine.</summary>
    /// <param name="length">Positions of the sequence so far, this pass included.</param>
    internal double AttentionFactor(long length) => (length > OriginalLength ? Parameters.LongMscale : Parameters.ShortMscale) ?? Parameters.Type switch
    {
        RopeType.Yarn => Parameters.AttentionFactor ?? YarnAttentionFactor(),
        RopeType.LongRope => Parameters.AttentionFactor ?? LongRopeAttentionFactor(),
        _ => 1,
    };

    /// <summary>Angles per position, one a pair of dimensions.</summary>
    /// <param name="length">Positions of the sequence so far, this pass included.</param>
    internal float[] For(long length)
    {
        var p = Parameters;
        return p.Type switch
        {
            RopeType.Linear => Map(p.Theta, (f, _) => f / p.Factor),
            RopeType.Dynamic => Map(DynamicTheta(length), (f, _) => f),
            RopeType.Yarn => Yarn(),
            RopeType.Llama3 => Map(p.Theta, (f, _) => Llama3(f)),
            RopeType.LongRope => LongRope(length),
            _ => Map(p.Theta, (f, _) => f),
        };
    }

    private float[] Map(double theta, Func<double, int, double> stretch)
    {
        var result = new float[RotaryDim / 2];
        for (var i = 0; i < result.Length; i++)
        {
            // The reference computes the frequencies in float32.
            var frequency = 1f / MathF.Pow((float)theta, 2f * i / Share);
            result[i] = (float)stretch(frequency, i);
        }

        return result;
    }

    private double DynamicTheta(long length)
    {
        var p = Parameters;
        var exponent = Share / (Share - 2.0);
        if (p.Alpha is { } alpha)
        {
            return p.Theta * Math.Pow(alpha, exponent);
        }

        var max = p.MaxPositionEmbeddings;
        return p.Theta * Math.Pow((p.Factor * Math.Max(length, max) / max) - (p.Factor - 1), exponent);
    }

    private float[] Yarn()
    {
        var p = Parameters;
        var max = OriginalLength;
        double DimensionOf(double rotations) => Share * Math.Log(max / (rotations * 2 * Math.PI)) / (2 * Math.Log(p.Theta));
        var low = DimensionOf(p.BetaFast);
        var high = DimensionOf(p.BetaSlow);
        if (p.Truncate)
        {
            (low, high) = (Math.Floor(low), Math.Ceiling(high));
        }

        low = Math.Max(low, 0);
        high = Math.Min(high, Share - 1);
        if (low == high)
        {
            high += 0.001; // No division by zero; the ramp becomes a step.
        }

        return Map(p.Theta, (f, i) =>
        {
            var stretched = Math.Clamp((i - low) / (high - low), 0, 1);
            return (f / p.Factor * stretched) + (f * (1 - stretched));
        });
    }

    private double YarnAttentionFactor()
    {
        var p = Parameters;
        return p.Mscale is { } mscale and not 0 && p.MscaleAllDim is { } all and not 0
            ? RopeParameters.YarnMscale(p.Factor, mscale) / RopeParameters.YarnMscale(p.Factor, all)
            : RopeParameters.YarnMscale(p.Factor, 1);
    }

    private double Llama3(double frequency)
    {
        var p = Parameters;
        var max = OriginalLength;
        var wavelength = 2 * Math.PI / frequency;
        if (wavelength > max / p.LowFreqFactor)
        {
            return frequency / p.Factor;
        }

        if (wavelength < max / p.HighFreqFactor)
        {
            return frequency;
        }

        var smooth = ((max / wavelength) - p.LowFreqFactor) / (p.HighFreqFactor - p.LowFreqFactor);
        return ((1 - smooth) * frequency / p.Factor) + (smooth * frequency);
    }

    private float[] LongRope(long length)
    {
        var factors = length > OriginalLength ? Parameters.LongFactor : Parameters.ShortFactor;
        return Map(Parameters.Theta, (f, i) => f / factors[i]);
    }

    private double LongRopeAttentionFactor() => Parameters.Factor <= 1
        ? 1
        : Math.Sqrt(1 + (Math.Log(Parameters.Factor) / Math.Log(OriginalLength)));
}
