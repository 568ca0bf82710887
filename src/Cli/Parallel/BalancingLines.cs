using System.Diagnostics;
using Moesaic.Eplb;

namespace Moesaic.Cli;

/// <summary>What load balancing logs, as lines on stderr.</summary>
internal sealed class BalancingLines : TraceListener
{
    internal static void Show()
    {
        EplbTrace.Source.Switch.Level = SourceLevels.Information;
        EplbTrace.Source.Listeners.Add(new BalancingLines());
    }

    public override void Write(string? message)
    {
    }

    public override void WriteLine(string? message)
    {
    }

    public override void TraceEvent(TraceEventCache? eventCache, string source, TraceEventType eventType, int id, string? format, params object?[]? args) =>
        Console.Error.WriteLine($"eplb {(args is { Length: > 0 } ? string.Format(null, format ?? "", args) : format)}");
}
