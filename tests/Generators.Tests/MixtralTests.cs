using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests;

/// <summary>What the shipped declaration of Mixtral becomes: the first thing to read for how the generators write.</summary>
public sealed class MixtralTests
{
    private static readonly Lazy<GeneratorRun> Run = new(static () => GeneratorRun.Of(Sources.Mixtral));

    [Fact]
    public Task Layer_IsRegisteredAndMade() => Snapshot.Match(Run.Value, "Moesaic.Models.Mixtral.MixtralDecoderLayer.g.cs");

    [Fact]
    public Task Block_RoutesAndRunsExperts() => Snapshot.Match(Run.Value, "Moesaic.Models.Mixtral.MixtralSparseMoeBlock.g.cs");

    [Fact]
    public Task Config_IsRead() => Snapshot.Match(Run.Value, "Moesaic.Models.Mixtral.MixtralConfig.g.cs");

    [Fact]
    public Task Model_IsEntered() => Snapshot.Match(Run.Value, "ModelRegistration.g.cs");

    [Fact]
    public void Model_HasNoFileOfItsOwn_AsItAddsNoChildren() => Assert.Equal(5, Run.Value.Files.Count); // Config, layer, block, registration, and the report on blocks.

    [Fact]
    public async Task Declaration_HasNothingToReport() => Assert.Empty(await Analysis.Run(Sources.Mixtral));

    [Fact]
    public void File_StaysUnder60Lines() => Assert.InRange(Sources.Mixtral.Split('\n').Length, 1, 61);
}
