using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests.Checkpoints;

/// <summary>Every shipped declaration agrees with the checkpoint of its architecture: by names, and by names and shapes.</summary>
public sealed class GoldenCheckpointTests
{
    public static TheoryData<string> Names => [.. GoldenCheckpoint.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Manifest_HasNothingToReport(string name) => Assert.Empty(await new GoldenCheckpoint(name).Check());

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Index_HasNothingToReport(string name)
    {
        var golden = new GoldenCheckpoint(name);
        Assert.Empty(await CheckpointRun.Of(GoldenCheckpoint.Declarations, golden.Model, golden.Config.ToJsonString(), golden.Index));
    }
}
