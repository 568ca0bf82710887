using Moesaic.Checkpoints;
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

    /// <summary>Nothing but the numbers tells that another model's are not its own: the same names, the same shapes.</summary>
    [Fact]
    public void WhatAReferenceComputes_IsCompared()
    {
        _ = GoldenCases.All; // Which enters the models.
        ModelCheck.EqualsReference(TestData.Golden("granitemoe"));
        var folder = Directory.CreateTempSubdirectory("granite").FullName;
        try
        {
            foreach (var file in Directory.GetFiles(TestData.Golden("granitemoe")))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }

            var config = Path.Combine(folder, "config.json");
            var changed = File.ReadAllText(config).Replace("\"residual_multiplier\": 0.22", "\"residual_multiplier\": 0.44", StringComparison.Ordinal);
            Assert.NotEqual(File.ReadAllText(config), changed);
            File.WriteAllText(config, changed);
            var error = Assert.Throws<CheckpointException>(() => ModelCheck.EqualsReference(folder));
            Assert.Contains("the declaration computes another model", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
