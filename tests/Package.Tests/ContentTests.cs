namespace Moesaic.Package.Tests;

/// <summary>What the packages hold.</summary>
[Collection(PackageTests.Name)]
public sealed class ContentTests
{
    [Fact]
    public void Moesaic_HoldsRuntimeGeneratorAndBuildFiles()
    {
        var (nuspec, files) = Workshop.Open("Moesaic");

        string[] expected =
        [
            "lib/net10.0/Moesaic.Runtime.dll", "lib/net10.0/Moesaic.Runtime.xml", "analyzers/dotnet/cs/Moesaic.Generators.dll", "analyzers/dotnet/cs/Moesaic.Generators.CodeFixes.dll",
            "buildTransitive/Moesaic.props", "buildTransitive/Moesaic.targets", "buildTransitive/LibtorchInitializer.cs", "README.md",
        ];
        Assert.Empty(expected.Except(files));
        Assert.DoesNotContain(files, file => file.Contains("libtorch_cpu", StringComparison.Ordinal));
        Assert.Contains("id=\"TorchSharp\"", nuspec);
        Assert.DoesNotContain("Native", nuspec); // TorchSharp's native files are for those who use us.
        Assert.DoesNotContain("libtorch", nuspec.Replace("run on libtorch", "")); // Its system is the user's choice.
    }

    [Fact]
    public void Models_DependOnMoesaic()
    {
        var (nuspec, files) = Workshop.Open("Moesaic.Models");

        Assert.Contains("lib/net10.0/Moesaic.Models.dll", files);
        Assert.Contains("id=\"Moesaic\"", nuspec);
    }
}
