using Moesaic.Checkpoints;
using static TorchSharp.torch;

namespace Moesaic.Kernels;

/// <summary>The weights of a projection as kernels take them: those of a tensor, or codes and scales.</summary>
internal readonly struct DenseMatrices : IDisposable
{
    private readonly DenseTensor _tensor;

    internal DenseMatrices(Tensor weights, QuantizedWeights? quantized)
    {
        _tensor = new(quantized is null ? weights : null);
        Matrices = quantized is DeviceWeights codes ? codes.Matrices : new(_tensor.Address);
    }

    internal DeviceMatrices Matrices { get; }

    public void Dispose() => _tensor.Dispose();
}
