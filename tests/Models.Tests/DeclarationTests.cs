using Moesaic.Testing;

namespace Moesaic.Models.Tests;

/// <summary>What an author's test project holds in one line, for every architecture: backends agree on ragged routings, layouts survive a round trip.</summary>
public sealed class DeclarationTests
{
    public static TheoryData<string> Declared() => [.. GoldenCases.Declared];

    [Theory]
    [MemberData(nameof(Declared))]
    public void BlocksAndLayouts_AreSound(string name) => ModelCheck.All(Path.Combine(TestData.Golden(name), "config.json"));
}
