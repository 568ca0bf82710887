using ILGPU;

namespace Moesaic.Kernels;

/// <summary>Queries of one key head, and the new key, normed and turned: float32 rows in shared memory.</summary>
/// <remarks>Rounds where RmsNorm and RotaryEmbedding round on tensors, but for the products within a rotation.</remarks>
internal static class DecodeHeads
{
    /// <summary>Loads a head and norms it, by one warp.</summary>
    /// <param name="head">[d] bf16, device memory.</param>
    /// <param name="norm">[d] bf16, or 0 for no norm.</param>
    internal static void Load<THead>(ArrayView<float> row, long head, long norm, float eps)
        where THead : struct, IHeadWidth
    {
        var lane = Group.IdxX & 31;
        var squares = 0f;
        for (var i = lane; i < THead.Value; i += 32)
        {
            var value = GlobalMemory.LoadBrainFloat(head + (2L * i));
            row[i] = value;
            squares += value * value;
        }

        if (norm != 0)
        {
            var scale = 1f / MathF.Sqrt((WarpVotes.Sum(squares) / THead.Value) + eps);
            for (var i = lane; i < THead.Value; i += 32)
            {
                row[i] = Round(Round(row[i] * scale) * GlobalMemory.LoadBrainFloat(norm + (2L * i)));
            }
        }

        Warp.Barrier();
    }

    /// <summary>A number of the row, turned.</summary>
    /// <param name="cos">[r / 2] bf16.</param>
    /// <param name="sin">[r / 2] bf16.</param>
    /// <param name="rotary">r: the first so many dimensions turn.</param>
    /// <param name="interleaved">Pairs are neighbours, and not halves apart: 1 for yes.</param>
    internal static float Turned(ArrayView<float> row, int i, long cos, long sin, int rotary, int interleaved)
    {
        if (i >= rotary)
        {
            return row[i];
        }

        var half = rotary / 2;
        var pair = interleaved != 0 ? i / 2 : i % half;
        var isFirst = interleaved != 0 ? (i & 1) == 0 : i < half;
        var other = interleaved != 0 ? i ^ 1 : isFirst ? i + half : i - half;
        var turned = row[other] * GlobalMemory.LoadBrainFloat(sin + (2L * pair));
        return (row[i] * GlobalMemory.LoadBrainFloat(cos + (2L * pair))) + (isFirst ? -turned : turned);
    }

    private static float Round(float value) => BrainFloat.Low(BrainFloat.Pack(value, 0f));
}
