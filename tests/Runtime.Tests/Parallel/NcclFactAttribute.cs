using Moesaic.Communication;

namespace Moesaic.Tests.Communication;

/// <summary>A test of NCCL; skipped, and counted, where there is no GPU or no NCCL.</summary>
public sealed class NcclFactAttribute : FactAttribute
{
    private static readonly string? Reason = NcclWorld.WhyNot();

    public NcclFactAttribute() => Skip = Reason;
}
