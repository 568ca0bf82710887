namespace Moesaic.Package.Tests;

/// <summary><c>dotnet new moesaic-model</c>: what an author starts with builds, and its own tests pass.</summary>
[Collection(PackageTests.Name)]
public sealed class TemplateTests(Workshop workshop)
{
    // No identifier, as names of projects may be.
    private const string Name = "Night-Heron";

    [Fact]
    public void NewModel_BuildsAndPassesItsThreeTests()
    {
        workshop.Pack("Templates");
        var hive = Path.Combine(Workshop.Root, "hive");
        var package = Path.Combine(Workshop.Feed, $"Moesaic.Templates.{Workshop.Version}.nupkg");
        workshop.Dotnet(Workshop.Root, "new", "install", package, "--debug:custom-hive", hive).Succeeded();
        workshop.Dotnet(Workshop.Root, "new", "moesaic-model", "-n", Name, "--debug:custom-hive", hive).Succeeded();
        var folder = Path.Combine(Workshop.Root, Name);

        var test = workshop.Dotnet(
            Path.Combine(folder, Name + ".Tests"), "test", "--nologo", "-p:CreateHardLinksForCopyLocalIfPossible=true", "-p:TreatWarningsAsErrors=true").Succeeded();

        Assert.Matches(@"Passed: +4,", test.Stdout);
        Assert.DoesNotContain("warning", test.Stdout);
        Assert.Contains("[MoeModel(\"nightheron\", Architectures = [\"NightHeronForCausalLM\"])]", File.ReadAllText(Path.Combine(folder, Name, Name + ".cs")));
        var generated = Path.Combine(folder, Name, "obj", "generated", "Moesaic.Generators", "Moesaic.Generators.MoeBlockGenerator");
        Assert.True(File.Exists(Path.Combine(generated, "NightHeron.NightHeronMoe.g.cs")));
    }
}
