namespace Moesaic;

/// <summary>What a block with <c>[SharedExperts]</c> reads besides <see cref="IMoeConfig"/>.</summary>
public interface ISharedExpertsConfig
{
    /// <summary>Width of the MLP that every token passes: of all shared experts together.</summary>
    int SharedExpertsIntermediateSize { get; }
}
