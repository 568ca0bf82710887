using Moesaic.Testing;

namespace Moesaic.Models.Tests;

/// <summary>What an author's test project holds in one line, for every architecture: backends agree on ragged routings, layouts survive a round trip.</summary>
public sealed class DeclarationTests
{
    public static TheoryData<string> Declared() => [.. GoldenCases.Declared];

    /// <summary>Small configs of architectures that have no golden case, because their reference is not in the reference implementation.</summary>
    public static TheoryData<string> Small() => ["arctic"];

    [Theory]
    [MemberData(nameof(Small))]
    public void ArchitecturesWithoutAReference_AreSound(string name) =>
        ModelCheck.All(Path.Combine(TestData.Root, "tests", "Models.Tests", "Small", name + ".json"));

    [Theory]
    [MemberData(nameof(Declared))]
    public void BlocksAndLayouts_AreSound(string name) => ModelCheck.All(Path.Combine(TestData.Golden(name), "config.json"));
}
