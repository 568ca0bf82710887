using ILGPU.IR.Intrinsics;

namespace Moesaic.Kernels;

/// <summary>A launch that may begin before the one ahead of it has ended: its blocks are in place when their input is ready. Nothing before Hopper.</summary>
internal static class EarlyStart
{
    private const string LetNextBegin = "griddepcontrol.launch_dependents;";
    private const string WaitForAhead = "griddepcontrol.wait;";

    /// <summary>Lets the next launch begin, and waits until all that the launches ahead wrote can be read.</summary>
    [PtxMacro(typeof(EarlyStart), nameof(WriteWait)), IntrinsicImplementation]
    internal static void Wait()
    {
    }

    /// <summary>Waits first. The next launch may then read, before it waits, what those ahead of this one wrote: with <see cref="GlobalMemory.LoadFreshInt"/>.</summary>
    [PtxMacro(typeof(EarlyStart), nameof(WriteWaitThenLetNext)), IntrinsicImplementation]
    internal static void WaitThenLetNext()
    {
    }

    /// <summary>Only lets the next launch begin.</summary>
    [PtxMacro(typeof(EarlyStart), nameof(WriteLetNext)), IntrinsicImplementation]
    internal static void LetNext()
    {
    }

    /// <summary>Only waits.</summary>
    [PtxMacro(typeof(EarlyStart), nameof(WriteWaitForInput)), IntrinsicImplementation]
    internal static void WaitForInput()
    {
    }

    /// <summary>The wait as a part of another macro.</summary>
    internal static void WriteWaitForInput(PtxWriter writer) => Lines(writer, WaitForAhead);

    private static void WriteWait(PtxWriter writer) => Lines(writer, LetNextBegin, WaitForAhead);

    private static void WriteWaitThenLetNext(PtxWriter writer) => Lines(writer, WaitForAhead, LetNextBegin);

    private static void WriteLetNext(PtxWriter writer) => Lines(writer, LetNextBegin);

    private static void Lines(PtxWriter writer, params ReadOnlySpan<string> lines)
    {
        foreach (var line in lines)
        {
            if (writer.Target.HasEarlyStart)
            {
                writer.Line(line);
            }
        }
    }
}
