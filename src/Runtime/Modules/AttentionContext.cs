using static TorchSharp.torch;

namespace Moesaic;

/// <summary>What the tokens of one pass know about each other: positions, mask and cache.</summary>
public sealed class AttentionContext : IDisposable
{
    /// <summary>A pass over whole sequences from their beginning.</summary>
    public AttentionContext(long batch, long length, Device device)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
