using System.Diagnostics;

namespace Moesaic.Eplb;

/// <summary>Where rank 0 logs how evenly ranks are loaded, and each rebalance. Silent until a host raises its level and listens.</summary>
public static class EplbTrace
{
    /// <summary>The source, named <c>Moesaic.Eplb</c>.</summary>
    public static TraceSource Source { get; } = new("Moesaic.Eplb", SourceLevels.Off);
}
