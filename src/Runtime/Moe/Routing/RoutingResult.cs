using static TorchSharp.torch;

namespace Moesaic;

/// <summary>The experts each token goes to, and what each of them counts.</summary>
/// <param name="TopKIds">[T, K] int32.</param>
/// <param name="TopKWeights">[T, K] float32.</param>
public readonly record struct RoutingResult(Tensor TopKIds, Tensor TopKWeights) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        TopKIds.Dispose();
        TopKWeights.Dispose();
    }
}
