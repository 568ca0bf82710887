using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>Numbers to e4m3 codes and scales: the largest of a block becomes the largest code.</summary>
internal static class Fp8Encoding
{
    internal const ScalarType E4M3 = (ScalarType)24; // c10/core/ScalarType.h; TorchSharp has no name for it.

    private const float Largest = 448;

    // For a block of zeros.
    private const float SmallestScale = 1e-12f;

    /// <summary>[…, blocks of rows, blocks of columns] float32.</summary>
    internal static Tensor Scales(Tensor values, (long Rows, long Columns) block)
    {
        using var scope = NewDisposeScope();
        return Blocks(values, block).abs().amax([-3, -1]).div_(Largest).clamp_min_(SmallestScale).MoveToOuterDisposeScope();
    }

    /// <summary>As many codes as <paramref name="values"/>.</summary>
    internal static Tensor Codes(Tensor values, (long Rows, long Columns) block)
    {
        using var scope = NewDisposeScope();
        var scaled = Blocks(values, block).div(Scales(values, block).unsqueeze(-1).unsqueeze(-3)).flatten(-4, -3).flatten(-2, -1);
        return scaled.narrow(-2, 0, values.shape[^2]).narrow(-1, 0, values.shape[^1]).to(E4M3).MoveToOuterDisposeScope();
    }

    /// <summary>[…, blocks of rows, rows, blocks of columns, columns] float32, blocks at the edges filled up with zeros.</summary>
    private static Tensor Blocks(Tensor values, (long Rows, long Columns) block)
    {
        var (rows, columns) = (Fp8Tensor.Blocks(values.shape[^2], block.Rows), Fp8Tensor.Blocks(values.shape[^1], block.Columns));
        var padded = nn.functional.pad(values.to(ScalarType.Float32), [0, (columns * block.Columns) - values.shape[^1], 0, (rows * block.Rows) - values.shape[^2]]);
        return padded.view([.. values.shape[..^2], rows, block.Rows, columns, block.Columns]);
    }
}
