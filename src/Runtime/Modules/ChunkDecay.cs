using static TorchSharp.torch;

namespace Moesaic;

/// <summary>How much is left of what one token of a chunk wrote when another reads it, in float32.</summary>
/// <param name="Within">At token i of what token j wrote, and zero where j comes after i: […, t, t].</param>
/// <param name="FromBefore">At token i of what the chunk found: […, t, 1].</param>
/// <param name="ToTheEnd">At the end of what token j wrote: […, t, 1].</param>
/// <param name="Whole">At the end of what the chunk found: […, 1, 1].</param>
internal sealed record ChunkDecay(Tensor Within, Tensor FromBefore, Tensor ToTheEnd, Tensor Whole)
{
    /// <summary>From the logarithm of each token's decay, […, t].</summary>
    internal static ChunkDecay Of(Tensor logDecay)
    {
        // The difference of two long sums may be small: float32 would lose its digits.
        var sum = logDecay.to(float64).cumsum(-1).unsqueeze(-1); // […, t, 1]
        var whole = sum.narrow(-2, sum.shape[^2] - 1, 1); // […, 1, 1]
        return new(Exp(sum - sum.transpose(-1, -2)).tril(), Exp(sum), Exp(whole - sum), Exp(whole));
    }

    private static Tensor Exp(Tensor x) => x.to(float32).exp();
}
