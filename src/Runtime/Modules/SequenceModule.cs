using static TorchSharp.torch;

namespace Moesaic;

/// <summary>A module whose tokens see each other: it needs their positions, their mask and the cache.</summary>
public abstract class SequenceModule : ExplicitModule
{
    /// <summary>[B, T, D] to [B, T, D].</summary>
    /// <param name="x">Hidden states.</param>
    /// <param name="context">Positions, mask and cache of this pass.</param>
    public abstract Tensor forward(Tensor x, AttentionContext context);

    /// <summary>The same for a whole sequence from its beginning, without a cache: causal, no padding.</summary>
    public sealed override Tensor forward(Tensor x)
    {
        using var context = new AttentionContext(x.shape[0], x.shape[1], x.device);
        return forward(x, context);
    }
}
