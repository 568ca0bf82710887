namespace Moesaic.Package.Tests;

/// <summary><c>dotnet new moesaic-model</c>: what an author starts with builds, and its own tests pass.</summary>
[Collection(PackageTests.Name)]
public sealed class TemplateTests(Workshop workshop)
{
    [Fact]
    public void NewModel_BuildsAndPassesItsThreeTests()
    {
        workshop.Pack("Templates");
        var hive = Path.Combine(Workshop.Root, "hive");
        var package = Path.Combine(Workshop.Feed, $"Moesaic.Templates.{Workshop.Version}.nupkg");
        workshop.Dotnet(Workshop.Root, "new", "install", package, "--debug:custom-hive", hive).Succeeded();
        workshop.Dotnet(Workshop.Root, "new", "moesaic-model", "-n", "Sparrow", "--debug:custom-hive", hive).Succeeded();
        var folder = Path.Combine(Workshop.Root, "Sparrow");

        var test = workshop.Dotnet(
            Path.Combine(folder, "Sparrow.Tests"), "test", "--nologo", "-p:CreateHardLinksForCopyLocalIfPossible=true", "-p:TreatWarningsAsErrors=true").Succeeded();

        Assert.Matches(@"Passed: +3,", test.Stdout);
        Assert.DoesNotContain("warning", test.Stdout);
        Assert.Contains("[MoeModel(\"sparrow\"", File.ReadAllText(Path.Combine(folder, "Sparrow", "Sparrow.cs")));
        Assert.True(File.Exists(Path.Combine(folder, "Sparrow", "obj", "generated", "Moesaic.Generators", "Moesaic.Generators.MoeBlockGenerator", "Sparrow.SparrowMoe.g.cs")));
    }
}
