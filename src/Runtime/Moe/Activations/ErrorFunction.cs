namespace Moesaic;

/// <summary>erfc in float32, of operations that every kernel compiler knows: .NET and GPU libraries have none.</summary>
internal static class ErrorFunction
{
    /// <summary>1 − erf(x), to 3e-7.</summary>
    /// <remarks>Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26.</remarks>
    internal static float Complement(float x)
    {
        var positive = MathF.Abs(x);
        var t = 1f / (1f + (0.3275911f * positive));
        var polynomial = t * (0.254829592f + (t * (-0.284496736f + (t * (1.421413741f + (t * (-1.453152027f + (t * 1.061405429f))))))));
        var tail = polynomial * MathF.Exp(-positive * positive);
        return x < 0 ? 2f - tail : tail;
    }
}
