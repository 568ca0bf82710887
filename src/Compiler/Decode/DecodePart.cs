namespace Moesaic.Kernels;

/// <summary>Eight dimensions of a head's sum over some positions: of values, each times exp(its score - the largest score).</summary>
internal struct DecodePart
{
    internal Piece Sum;

    /// <summary>The sum of the exponentials.</summary>
    internal float Weight;

    /// <summary>The largest score; of no position, the least number there is.</summary>
    internal float Largest;

    /// <summary>Of no position.</summary>
    internal static DecodePart None => new() { Largest = float.MinValue };

    /// <summary>Of all positions of five parts.</summary>
    internal readonly DecodePart Plus(DecodePart a, DecodePart b, DecodePart c, DecodePart d)
    {
        var most = MathF.Max(Largest, MathF.Max(MathF.Max(a.Largest, b.Largest), MathF.Max(c.Largest, d.Largest)));
        var (mine, ofA, ofB, ofC, ofD) = (
            MathF.Exp(Largest - most), MathF.Exp(a.Largest - most), MathF.Exp(b.Largest - most), MathF.Exp(c.Largest - most), MathF.Exp(d.Largest - most));
        return new()
        {
            Sum = Sum.Times(mine).Plus(a.Sum.Times(ofA)).Plus(b.Sum.Times(ofB)).Plus(c.Sum.Times(ofC)).Plus(d.Sum.Times(ofD)),
            Weight = (Weight * mine) + (a.Weight * ofA) + (b.Weight * ofB) + (c.Weight * ofC) + (d.Weight * ofD),
            Largest = most,
        };
    }
}
