using static TorchSharp.torch;

namespace Moesaic.Communication;

/// <summary>A tensor on its way to another rank, or the place for one that comes.</summary>
/// <param name="Values">Dense.</param>
/// <param name="Peer">The other rank.</param>
public readonly record struct PeerMessage(Tensor Values, int Peer);
