using Microsoft.CodeAnalysis;
using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests.Checkpoints;

/// <summary>Every shipped declaration agrees with the checkpoint of its architecture: by names, and by names and shapes.</summary>
public sealed class GoldenCheckpointTests
{
    private static readonly Lazy<Compilation> Bare = new(static () => TestCompilation.BesideRuntime(GoldenCheckpoint.ModelFiles().Select(File.ReadAllText)));

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

    /// <summary>Tools like <c>dotnet format</c> run analyzers without generators, beside a runtime that they compile too.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task InATool_NothingIsReportedEither(string name) => Assert.Empty(await new GoldenCheckpoint(name).Check(Bare.Value));
}
