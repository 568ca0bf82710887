using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>The routed experts of a block, their weights stacked: what routes may be ours or the author's own.</summary>
public abstract class FusedExperts : ExplicitModule
{
    /// <summary>Gate rows, then up rows: [E, 2F, D]; [E, F, D] where experts have no gate.</summary>
    public abstract Parameter W13 { get; protected set; }

    /// <summary>[E, D, F].</summary>
    public abstract Parameter W2 { get; protected set; }

    /// <summary>Runs each token through its experts and sums them by weight.</summary>
    /// <param name="hiddenStates">[T, D].</param>
    /// <param name="topKIds">[T, K] int32.</param>
    /// <param name="topKWeights">[T, K] float32.</param>
    /// <returns>[T, D], in the dtype of <paramref name="hiddenStates"/>.</returns>
    public abstract Tensor Forward(Tensor hiddenStates, Tensor topKIds, Tensor topKWeights);
}
