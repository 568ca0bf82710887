using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>Numbers to e2m1 codes and powers of two: OCP Microscaling, https://arxiv.org/abs/2310.10537, 6.3.</summary>
internal static class Mxfp4Encoding
{
    private const int ExponentBias = 127;

    // Of 4, the largest power of two that e2m1 has.
    private const int LargestExponent = 2;

    // Between 0, 0.5, 1, 1.5, 2, 3, 4 and 6.
    private static readonly double[] Middles = [0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5];

    /// <summary>[…, blocks] bytes of [..., inputs].</summary>
    internal static Tensor Scales(Tensor values)
    {
        using var scope = NewDisposeScope();
        return Exponents(Blocks(values)).squeeze(-1).add_(ExponentBias).to(ScalarType.Byte).MoveToOuterDisposeScope();
    }

    /// <summary>[…, blocks, 16] bytes, two codes each, the first in the low half.</summary>
    internal static Tensor Codes(Tensor values)
    {
        using var scope = NewDisposeScope();
        var blocks = Blocks(values);
        var scaled = blocks / pow(2.0, Exponents(blocks));
        var magnitudes = scaled.abs();
        var codes = scaled.lt(0).to(ScalarType.Byte).mul_(8);
        foreach (var middle in Middles)
        {
            codes.add_(magnitudes.gt(middle).to(ScalarType.Byte));
        }

        var pairs = codes.view([.. codes.shape[..^1], Mxfp4Tensor.BlockBytes, 2]);
        return pairs.select(-1, 0).add(pairs.select(-1, 1).mul(16)).MoveToOuterDisposeScope();
    }

    private static Tensor Blocks(Tensor values) => values.to(ScalarType.Float32).view([.. values.shape[..^1], -1, Mxfp4Tensor.BlockLength]);

    private static Tensor Exponents(Tensor blocks) =>
        blocks.abs().amax([-1], keepdim: true).log2().floor_().sub_(LargestExponent).clamp_(-ExponentBias, ExponentBias);
}
