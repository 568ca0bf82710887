using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Moesaic.Kernels.Cpu;

/// <summary>What is computed in vectors, for a vector width and a format of weights, piece by piece.</summary>
/// <remarks>The time of experts with few rows is that of reading their weights, so each weight is read once, for all rows.</remarks>
internal abstract unsafe class VectorKernel
{
    /// <summary>Elements that rows of inputs and results are padded to.</summary>
    internal const int Padding = 32;

    /// <summary>Of the widest vectors that this processor computes with and a kernel is made for; 0 for none.</summary>
    internal static int VectorBits => Lanes512.IsSupported ? 512 : Lanes256.IsSupported ? 256 : 0;

    /// <summary>Null where no kernel is made for the weights' format or the width.</summary>
    internal static VectorKernel? For(ScalarType weights, int vectorBits) => (weights, vectorBits) switch
    {
        (ScalarType.BFloat16, 512) => new VectorKernel<Lanes512, Vector512<float>, Bfloat16Weights<Lanes512, Vector512<float>>>(),
        (ScalarType.BFloat16, 256) => new VectorKernel<Lanes256, Vector256<float>, Bfloat16Weights<Lanes256, Vector256<float>>>(),
        (ScalarType.Float32, 512) => new VectorKernel<Lanes512, Vector512<float>, Float32Weights<Lanes512, Vector512<float>>>(),
        (ScalarType.Float32, 256) => new VectorKernel<Lanes256, Vector256<float>, Float32Weights<Lanes256, Vector256<float>>>(),
        _ => null,
    };

    /// <summary>The length of a padded row.</summary>
    internal static int Padded(int length) => (length + Padding - 1) / Padding * Padding;

    /// <summary>Inputs as the products take them.</summary>
    /// <param name="x">[D] of one token, in the dtype of the weights.</param>
    /// <param name="inputs">[D padded] float32.</param>
    internal abstract void Arrange(byte* x, int hiddenSize, float* inputs);

    /// <summary>gate, up and activation of a piece of the rows of F of one expert.</summary>
    /// <param name="piece">Of all experts with few rows.</param>
    /// <param name="inputs">[T, D padded].</param>
    /// <param name="hidden">[R, F padded], as the products take it.</param>
    internal abstract void GateUp(StreamedCall call, int piece, float* inputs, float* hidden);

    /// <summary>The second projection of a piece of the rows of D of one expert.</summary>
    /// <param name="outputs">[R, D padded], in order.</param>
    internal abstract void Down(StreamedCall call, int piece, float* hidden, float* outputs);

    /// <summary>Pieces of a projection with that many rows of weights, of all experts with few rows.</summary>
    internal static int Pieces(StreamedCall call, int rows) => call.Rows.WithFew.Length * (Padded(rows) / Padding);

    /// <summary>Pieces of the rows of F of one expert, for <see cref="Activate"/>.</summary>
    internal static int ActivationPieces(StreamedCall call) => Padded(call.IntermediateSize) / Padding;

    /// <summary>First projections as libtorch computed them become hidden rows, a piece of the rows of F of one expert.</summary>
    /// <param name="count">n, the rows of the expert.</param>
    /// <param name="projected">[2F, n] or [F, n] in the dtype of the weights; the first F become the result.</param>
    internal abstract void Activate(StreamedCall call, int expert, int piece, int count, byte* projected);

    /// <summary>[D, n] to n rows of [R, D], a piece of the rows of D.</summary>
    /// <param name="first">The first of the rows.</param>
    internal abstract void Transpose(StreamedCall call, int piece, int count, byte* source, byte* target, int first);

    /// <summary>The result of one token.</summary>
    internal abstract void Combine(in CombineCall call, int token);
}
