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

    /// <summary>Null where no kernel is made for the width.</summary>
    /// <param name="values">The dtype of inputs and results: float32 or bfloat16.</param>
    internal static VectorKernel? For(WeightEncoding weights, ScalarType values, int vectorBits) => vectorBits switch
    {
        512 => For<Lanes512, Vector512<float>>(weights, values),
        256 => For<Lanes256, Vector256<float>>(weights, values),
        _ => null,
    };

    private static VectorKernel For<TLanes, TVector>(WeightEncoding weights, ScalarType values)
        where TLanes : struct, ILanes<TVector>
        where TVector : unmanaged
    {
        var isBfloat16 = values == ScalarType.BFloat16;
        return weights switch
        {
            WeightEncoding.Float32 => new VectorKernel<TLanes, TVector, Float32Weights<TLanes, TVector>>(isBfloat16),
            WeightEncoding.Bfloat16 => new VectorKernel<TLanes, TVector, Bfloat16Weights<TLanes, TVector>>(isBfloat16),
            WeightEncoding.Fp8Blocks => new VectorKernel<TLanes, TVector, Fp8BlocksWeights<TLanes, TVector>>(isBfloat16),
            WeightEncoding.Fp8Rows => new VectorKernel<TLanes, TVector, Fp8RowsWeights<TLanes, TVector>>(isBfloat16),
            _ => new VectorKernel<TLanes, TVector, Mxfp4Weights<TLanes, TVector>>(isBfloat16),
        };
    }

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

    /// <summary>The result of one token.</summary>
    internal abstract void Combine(in CombineCall call, int token);
}
