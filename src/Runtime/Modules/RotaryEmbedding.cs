using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Turns queries and keys by their position. https://arxiv.org/abs/2104.09864.</summary>
/// <remarks>Cosine and sine are computed once a pass, whatever the number of layers: the pass keeps them.</remarks>
public sealed class RotaryEmbedding
{
    private readonly RotaryFrequencies _frequencies;
    private readonly bool _interleaved;

    /// <summary>A rotation for heads of <paramref name="headDim"/>.</summary>
    /// <param name="interleaved">Pairs are neighbours (0 1, 2 3, …) and not halves apart.</param>
    public RotaryEmbedding(RopeParameters parameters, int headDim, bool interleaved = false)
    {
        _frequencies = new(parameters, headDim);
        _interleaved = interleaved;
    }

    /// <summary>How many dimensions of a head turn.</summary>
    internal int RotaryDim => _frequencies.RotaryDim;

    /// <summary>Pairs are neighbours.</summary>
    internal bool IsInterleaved => _interleaved;

    /// <summary>Cosine and sine of every new token's angles, [B or 1, 1, T, r / 2]. Owned by the pass.</summary>
    internal (Tensor Cos, Tensor Sin) Angles(AttentionContext context, ScalarType dtype) => context.Rotation(_frequencies, dtype);

    /// <summary>[B, H, T, d] to the same, the first dimensions of each head turned.</summary>
    public Tensor Apply(Tensor heads, AttentionContext context)
    {
        var (cos, sin) = context.Rotation(_frequencies, heads.dtype); // [B or 1, 1, T, r / 2]
        var rotaryDim = _frequencies.RotaryDim;
        using var scope = NewDisposeScope();
        var turning = rotaryDim == heads.shape[^1] ? heads : heads.narrow(-1, 0, rotaryDim);
        var turned = _interleaved ? Interleaved(turning, cos, sin) : Halves(turning, cos, sin);
        if (rotaryDim != heads.shape[^1])
        {
            turned = cat([turned, heads.narrow(-1, rotaryDim, heads.shape[^1] - rotaryDim)], -1);
        }

        return turned.MoveToOuterDisposeScope();
    }

    private static Tensor Halves(Tensor x, Tensor cos, Tensor sin)
    {
        var half = x.shape[^1] / 2;
        var (first, second) = (x.narrow(-1, 0, half), x.narrow(-1, half, half));
        return cat([(first * cos) - (second * sin), (second * cos) + (first * sin)], -1);
    }

    private static Tensor Interleaved(Tensor x, Tensor cos, Tensor sin)
    {
        var pairs = x.reshape([.. x.shape[..^1], x.shape[^1] / 2, 2]);
        var (first, second) = (pairs.select(-1, 0), pairs.select(-1, 1));
        return stack([(first * cos) - (second * sin), (second * cos) + (first * sin)], -1).reshape(x.shape);
    }
}
