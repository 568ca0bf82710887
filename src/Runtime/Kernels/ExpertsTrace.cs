using System.Diagnostics;

namespace Moesaic;

/// <summary>Where the choice of a backend is logged, once for the same facts. Silent until a host raises its level and listens.</summary>
public static class ExpertsTrace
{
    /// <summary>The source, named <c>Moesaic.Experts</c>.</summary>
    public static TraceSource Source { get; } = new("Moesaic.Experts", SourceLevels.Off);
}
