namespace Moesaic.Tests.Moe;

public sealed class EagerExpertsTests : ExpertsParityTests
{
    private protected override ExpertsBackend Backend => ExpertsBackend.Eager;
}
