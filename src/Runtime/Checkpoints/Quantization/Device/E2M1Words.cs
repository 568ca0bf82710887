using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>Eight e2m1 codes in four bytes, their bits dealt out so that a kernel finds four pairs of them with few instructions.</summary>
/// <remarks>
/// <code>
///   checkpoint   c1 c0   c3 c2   c5 c4   c7 c6            two codes a byte, the first in the low half
///   here         bit    15 14 13 12 11 10  9  8  7  6  5  4  3  2  1  0
///                        A  C  D  B  D  D  D  A  A  A  B  B  B  C  C  C     the sign of each, then two bits of exponent and one of mantissa
///                low half:  A B C D = c0 c2 c4 c6      high half: c1 c3 c5 c7
/// </code>
/// A is where bf16 numbers have these bits, B is three places from there; of C and D sign and magnitude need a shift each.
/// </remarks>
internal static class E2M1Words
{
    internal const int Pairs = 4;

    private const int Bytes = 4;

    /// <summary>The bit of each pair's signs, in each half.</summary>
    internal static readonly int[] Sign = [15, 12, 14, 13];

    /// <summary>The lowest bit of its magnitudes.</summary>
    internal static readonly int[] Magnitude = [6, 3, 0, 9];

    /// <summary>From bytes of the checkpoint, […, a multiple of 4], to as many of ours.</summary>
    internal static Tensor Pack(Tensor bytes)
    {
        using var scope = NewDisposeScope();
        var pairs = bytes.reshape(-1, Bytes);                                                                          // a pair of codes each
        var codes = stack([pairs.bitwise_and(15), pairs.bitwise_right_shift(4)], 2).to(ScalarType.Int32);              // [words, pairs, halves]
        var halves = codes.bitwise_and(7).bitwise_left_shift(Column(Magnitude, bytes.device))
            .add_(codes.bitwise_right_shift(3).bitwise_left_shift(Column(Sign, bytes.device))).sum(1);                 // [words, halves]
        return stack([halves.bitwise_and(255), halves.bitwise_right_shift(8)], 2).to(ScalarType.Byte).view(bytes.shape).MoveToOuterDisposeScope();
    }

    /// <summary>The codes again, two for each byte: […, 2 · bytes] int32.</summary>
    internal static Tensor Codes(Tensor bytes)
    {
        using var scope = NewDisposeScope();
        var halves = bytes.reshape(-1, 1, 2, 2).to(ScalarType.Int32);
        var words = halves.select(3, 0).add(halves.select(3, 1).bitwise_left_shift(8));                                // [words, 1, halves]
        var codes = words.bitwise_right_shift(Column(Magnitude, bytes.device)).bitwise_and_(7)
            .add_(words.bitwise_right_shift(Column(Sign, bytes.device)).bitwise_and_(1).bitwise_left_shift_(3));       // [words, pairs, halves]
        return codes.view([.. bytes.shape[..^1], 2 * bytes.shape[^1]]).MoveToOuterDisposeScope();
    }

    private static Tensor Column(int[] shifts, Device device) => tensor(shifts, device: device).view(Pairs, 1);
}
