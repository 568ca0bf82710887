namespace Moesaic.Tests.Moe;

public sealed class FusedCpuExpertsTests : ExpertsParityTests
{
    private protected override ExpertsBackend Backend => ExpertsBackend.Fused;
}
