namespace Moesaic;

/// <summary>A router that a kernel can run: it is, besides its form on tensors, a <see cref="RoutingRule"/>. A test compares the two.</summary>
public interface IRuledRouter : IRouter
{
    /// <summary>The router as numbers.</summary>
    RoutingRule Rule { get; }
}
