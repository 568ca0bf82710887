namespace Moesaic;

/// <summary>Base of every Mixture-of-Experts block; the generator adds router, experts, weight rules and forward.</summary>
/// <param name="config">The sizes of the block.</param>
public abstract class MoeBlock(IMoeConfig config) : ExplicitModule
{
    /// <summary>The sizes of the block.</summary>
    public IMoeConfig Config { get; } = config;

    /// <summary>The routed experts.</summary>
    public abstract FusedExperts RoutedExperts { get; }
}
