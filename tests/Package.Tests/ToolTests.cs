namespace Moesaic.Package.Tests;

/// <summary>The tool as a package: installed and run as a user does.</summary>
[Collection(PackageTests.Name)]
public sealed class ToolTests(Workshop workshop)
{
    [Fact]
    public void Tool_InstallsAndWrites()
    {
        // Without libtorch, which the repository has already: the test is about what is ours.
        workshop.Pack("Cli", "-p:CarryLibtorch=false");
        var folder = Path.Combine(Workshop.Root, "tools");
        workshop.Dotnet(Workshop.Root, "tool", "install", "--tool-path", folder, "Moesaic.Cli", "--version", Workshop.Version).Succeeded();
        var libtorch = new Dictionary<string, string> { ["MOESAIC_LIBTORCH"] = Path.Combine(TestData.Root, "bin", "libtorch", Workshop.Rid) };

        var text = Command.Run(folder, libtorch, Path.Combine(folder, "moesaic"), "generate", "--prompt", "In the beginning", "--max-tokens", "4").Succeeded();
        var without = Command.Run(folder, new Dictionary<string, string>(), Path.Combine(folder, "moesaic"), "generate", "--prompt", "In");

        Assert.NotEmpty(text.Stdout);
        Assert.Equal(2, without.ExitCode);
        Assert.Contains("MOESAIC_LIBTORCH", without.Stderr);
        Assert.DoesNotContain(TestData.Root + Path.DirectorySeparatorChar + "bin", without.Stderr); // No folder of the machine that packed it.
    }
}
