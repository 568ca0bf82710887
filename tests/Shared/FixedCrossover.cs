using System.Runtime.CompilerServices;

namespace Moesaic.Tests;

/// <summary>Tests, and the tools they start, measure nothing and take both ways of the CPU kernels alike on every machine.</summary>
internal static class FixedCrossover
{
    // CA2255: a test assembly is nobody's library.
#pragma warning disable CA2255
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Set() => Environment.SetEnvironmentVariable("MOESAIC_FUSED_ROWS", "6");
}
