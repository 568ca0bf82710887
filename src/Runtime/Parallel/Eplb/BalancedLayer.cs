using static TorchSharp.torch;

namespace Moesaic.Eplb;

/// <summary>The routed experts of one layer, as load balancing sees them.</summary>
/// <param name="Name">What logs and load files call it: the block's name from the model down.</param>
/// <param name="Slots">Which expert each slot holds.</param>
/// <param name="Weights">
/// Every tensor that has something of each slot of this rank, [slots of a rank, …]; asked for at each move, since a cast or a move to a device
/// gives a parameter another tensor. None where all of it lies in the mapped checkpoint, which every rank has.
/// </param>
internal sealed record BalancedLayer(string Name, LayerSlots Slots, Func<IReadOnlyList<Tensor>> Weights);
