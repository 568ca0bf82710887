using ILGPU.IR.Intrinsics;

namespace Moesaic.Kernels;

/// <summary>A launch that may begin before the one ahead of it has ended: its blocks are in place when their input is ready.</summary>
internal static class EarlyStart
{
    /// <summary>Lets the next launch begin, and waits until all that the launches ahead wrote can be read. Nothing before Hopper.</summary>
    [PtxMacro(typeof(EarlyStart), nameof(Write)), IntrinsicImplementation]
    internal static void Wait()
    {
    }

    private static void Write(PtxWriter writer)
    {
        if (writer.Target.HasEarlyStart)
        {
            writer.Line("griddepcontrol.launch_dependents;");
            writer.Line("griddepcontrol.wait;");
        }
    }
}
