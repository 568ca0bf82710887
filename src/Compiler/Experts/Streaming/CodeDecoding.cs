using Moesaic.Checkpoints;

namespace Moesaic.Kernels;

/// <summary>PTX that makes pairs of bf16 numbers of codes, by moving bits and one multiplication that makes up for the exponents' distance.</summary>
/// <remarks>
/// <code>
///   bf16    s eeeeeeee mmmmmmm       bias 127
///   e4m3    s     eeee mmm           bias 7:   the same bits are 2^-120 of the number
///   e2m1    s       ee m             bias 1:   2^-126
/// </code>
/// Subnormal codes become subnormal bf16 numbers, which the multiplication takes. It is exact; an e4m3 code that is no number becomes ±480.
/// </remarks>
internal static class CodeDecoding
{
    /// <summary>2^120, twice.</summary>
    internal const uint RebaseOfE4M3 = 0x7b807b80;

    /// <summary>Of a block's exponent byte s this much, plus <see cref="RebaseOfE2M1"/>, is 2^(s - 127 + 126), twice. Up to s = 128.</summary>
    internal const uint ExponentOfE2M1 = 0x00800080;

    internal const uint RebaseOfE2M1 = 126 * ExponentOfE2M1;

    private const uint Signs = 0x80008000;
    private const uint E4M3Magnitudes = 0x07f007f0;
    private const uint E2M1Magnitudes = 0x01c001c0;

    // Where they end up in bf16.
    private const int Sign = 15;
    private const int E2M1Magnitude = 6;

    /// <summary>Four e4m3 codes c0 … c3 in a register to (c0, c2) and (c1, c3).</summary>
    /// <param name="zero">A register of -0, twice.</param>
    /// <param name="factor">A register of <see cref="RebaseOfE4M3"/>.</param>
    internal static IEnumerable<string> E4M3(string codes, string first, string second, string factor, string zero) =>
    [
        .. Pair(codes, first, 8, 4, E4M3Magnitudes, factor, zero),
        .. Pair(codes, second, 0, -4, E4M3Magnitudes, factor, zero),
    ];

    /// <summary>Eight e2m1 codes in a register, as <see cref="E2M1Words"/> lays them out, to (c0, c1), (c2, c3), (c4, c5), (c6, c7).</summary>
    /// <param name="pairs">Four registers.</param>
    /// <param name="factor">A register of the block's power of two.</param>
    internal static IEnumerable<string> E2M1(string codes, IReadOnlyList<string> pairs, string factor, string zero) =>
        Enumerable.Range(0, E2M1Words.Pairs).SelectMany(i =>
            Pair(codes, pairs[i], Sign - E2M1Words.Sign[i], E2M1Magnitude - E2M1Words.Magnitude[i], E2M1Magnitudes, factor, zero));

    /// <param name="sign">Left shift that brings signs to their place.</param>
    /// <param name="magnitude">The same for all other bits; to the right where negative.</param>
    private static IEnumerable<string> Pair(string codes, string pair, int sign, int magnitude, uint mask, string factor, string zero)
    {
        var signs = sign == 0 ? codes : "signs";
        if (sign != 0)
        {
            yield return $"shl.b32 signs, {codes}, {sign};";
        }

        if (sign == magnitude)
        {
            yield return $"and.b32 {pair}, {signs}, 0x{mask | Signs:x8};";
        }
        else
        {
            yield return magnitude < 0 ? $"shr.u32 bits, {codes}, {-magnitude};" : $"shl.b32 bits, {codes}, {magnitude};";
            yield return $"and.b32 bits, bits, 0x{mask:x8};";
            yield return $"and.b32 {pair}, {signs}, 0x{Signs:x8};";
            yield return $"or.b32 {pair}, {pair}, bits;";
        }

        yield return $"fma.rn.bf16x2 {pair}, {pair}, {factor}, {zero};";
    }
}
