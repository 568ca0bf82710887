namespace Moesaic.Kernels.Cpu;

/// <summary>Outputs of experts and where they go. D hidden, K top-k.</summary>
/// <param name="few">[rows of experts with few, D padded] float32.</param>
/// <param name="many">[rows of experts with many, D] in the dtype of the result.</param>
/// <param name="weights">[T, K] float32.</param>
/// <param name="result">[T, D].</param>
internal readonly unsafe struct CombineCall(ExpertRows rows, int hiddenSize, int topK, bool isBfloat16, float* few, byte* many, float* weights, byte* result)
{
    internal ExpertRows Rows => rows;

    internal int HiddenSize => hiddenSize;

    internal int TopK => topK;

    /// <summary>The result is bfloat16; else float32.</summary>
    internal bool IsBfloat16 => isBfloat16;

    internal float* Weights(int token) => weights + ((nint)token * topK);

    internal byte* Result(int token) => result + ((nint)token * hiddenSize * ElementSize);

    /// <summary>The float32 output of a row of an expert with few; null of one with many.</summary>
    internal float* Few(int row) => row < rows.FewCount ? few + ((nint)row * VectorKernel.Padded(hiddenSize)) : null;

    internal byte* Many(int row) => many + ((nint)(row - rows.FewCount) * hiddenSize * ElementSize);

    private int ElementSize => isBfloat16 ? sizeof(ushort) : sizeof(float);
}
