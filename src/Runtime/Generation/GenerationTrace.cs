using System.Diagnostics;

namespace Moesaic.Generation;

/// <summary>Where it is logged how tokens are decoded, and why not otherwise. Silent until a host raises its level and listens.</summary>
public static class GenerationTrace
{
    /// <summary>The source, named <c>Moesaic.Generation</c>.</summary>
    public static TraceSource Source { get; } = new("Moesaic.Generation", SourceLevels.Off);
}
