using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>A tensor that a checkpoint is to have.</summary>
/// <param name="Value">Makes it; the caller's.</param>
internal readonly record struct WrittenTensor(string Name, ScalarType Dtype, long[] Shape, Func<Tensor> Value)
{
    /// <summary>A tensor as it is.</summary>
    internal static WrittenTensor Plain(StatedTensor tensor) => new(
        tensor.Name, tensor.Target.Registration.Value.dtype, tensor.Shape, () => tensor.Region.Extract(tensor.Target.Registration.Value));
}
