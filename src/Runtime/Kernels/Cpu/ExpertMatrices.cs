using Moesaic.Checkpoints;
using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Kernels.Cpu;

/// <summary>Where the weights of one expert lie.</summary>
/// <param name="Gate">[F, D].</param>
/// <param name="Up">[F, D]; the same as <paramref name="Gate"/> where there is no gate.</param>
/// <param name="Down">[D, F].</param>
internal readonly record struct ExpertMatrices(WeightMatrix Gate, WeightMatrix Up, WeightMatrix Down)
{
    /// <summary>Those of an expert whose weights stay quantized.</summary>
    internal static ExpertMatrices Of(MappedWeights w13, MappedWeights w2, bool gated, int expert)
    {
        var gate = new WeightMatrix(w13.Stored(expert, gated ? WeightSlice.FirstHalf : WeightSlice.Whole));
        var up = gated ? new WeightMatrix(w13.Stored(expert, WeightSlice.SecondHalf)) : gate;
        return new(gate, up, new(w2.Stored(expert, WeightSlice.Whole)));
    }

    /// <summary>Those of an expert in stacked weights whose rows are dense.</summary>
    internal static unsafe ExpertMatrices Of(Tensor w13, Tensor w2, bool gated, int expert)
    {
        var gate = Matrix(w13, expert, 0);
        return new(gate, gated ? Matrix(w13, expert, w13.size(1) / 2) : gate, Matrix(w2, expert, 0));

        static WeightMatrix Matrix(Tensor stack, int expert, long row)
        {
            var size = (nint)stack.element_size();
            var start = (byte*)Aten.DataPointer(stack) + (((stack.stride(0) * expert) + (stack.stride(1) * row)) * size);
            return new(start, (nint)stack.stride(1) * size);
        }
    }
}
