using static TorchSharp.torch;

namespace Moesaic.Eplb;

/// <summary>The routed experts of one layer, as load balancing sees them.</summary>
/// <param name="Slots">Which expert each slot holds.</param>
/// <param name="NumGroups">Groups of experts that the router limits tokens to; 1 for none.</param>
/// <param name="Weights">
/// Every tensor that has something of each slot of this rank, [slots of a rank, …]; asked for at each move, since a cast or a move to a device
/// gives a parameter another tensor. None where all of it lies in the mapped checkpoint, which every rank has.
/// </param>
/// <param name="Moved">Told the experts of this rank's slots when they have become others.</param>
internal sealed record BalancedLayer(LayerSlots Slots, int NumGroups, Func<IReadOnlyList<Tensor>> Weights, Action<int[]>? Moved = null)
{
    internal SlotMap Map => Slots.Map;
}
