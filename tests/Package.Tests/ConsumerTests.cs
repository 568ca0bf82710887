using System.Text.RegularExpressions;

namespace Moesaic.Package.Tests;

/// <summary>A program outside the solution that knows only the packages: it declares a model of its own and runs a golden one.</summary>
[Collection(PackageTests.Name)]
public sealed partial class ConsumerTests(Workshop workshop)
{
    // Built and run once for all tests, which compare with it.
    private static (CommandResult Build, CommandResult Run, string Output)? _built;

    [Fact]
    public void Program_BuildsWithoutWarningsAndRuns()
    {
        var (build, run, _) = Built();

        Assert.DoesNotContain("warning", build.Stdout);
        Assert.Contains("sum 2", run.Lines);
        Assert.Contains("knows wren True", run.Lines);
        Assert.Contains("wren model.layers.0.moe.experts.3.down_proj.weight [16, 8]", run.Lines);
        Assert.Contains("agrees True", run.Lines);
    }

    [Fact]
    public void Output_CarriesLibtorchForThisSystemAlone()
    {
        var files = Directory.GetFiles(Path.Combine(Built().Output, "runtimes"), "*torch*", SearchOption.AllDirectories);

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Contains(Workshop.Rid, file));
        Assert.DoesNotContain(files, file => file.Contains("python", StringComparison.Ordinal) || file.Contains("_test", StringComparison.Ordinal));
    }

    [Fact]
    public void TrimmedProgram_IsTheSame() =>
        PublishedIsTheSame("trimmed", "--self-contained", "-p:PublishTrimmed=true", "-p:TrimMode=full");

    [NativeAotFact]
    public void NativeProgram_IsTheSame() => PublishedIsTheSame("native", "-p:PublishAot=true");

    [GeneratedRegex(@"warning IL\d+: (.*?)(\. |: |\[|$)", RegexOptions.Multiline)]
    private static partial Regex TrimWarning();

    /// <summary>The same output: names, shapes, dtypes and values of the state_dict, and agreement with the reference.</summary>
    private void PublishedIsTheSame(string name, params string[] properties)
    {
        var run = Built().Run;
        var output = Path.Combine(Workshop.Root, name);
        var publish = workshop.Dotnet(
            Path.Combine(Workshop.Root, "Consumer"), ["publish", "-r", Workshop.Rid, "-o", output, "--nologo", .. properties]).Succeeded();

        var published = Command.Run(output, new Dictionary<string, string>(), Path.Combine(output, "Consumer"), TestData.Golden("mixtral")).Succeeded();

        Assert.Equal(run.Lines, published.Lines);
        Assert.Contains(run.Lines, line => line.StartsWith("state lm_head.weight Float32 [160, 32] ", StringComparison.Ordinal));
        // TorchSharp warns; ours must not.
        Assert.All(TrimWarning().Matches(publish.Stdout), warning => Assert.Matches("^(Assembly ')?(TorchSharp|Google.Protobuf|SkiaSharp)", warning.Groups[1].Value));
    }

    private (CommandResult Build, CommandResult Run, string Output) Built()
    {
        if (_built is not { } built)
        {
            var folder = Workshop.Copy(Path.Combine(TestData.Root, "tests", "Package.Tests", "Consumer"), "Consumer");
            var build = workshop.Dotnet(folder, "build", "-c", "Debug", "--nologo").Succeeded();
            var output = Path.Combine(folder, "bin", "Debug", "net10.0");
            var run = workshop.Dotnet(folder, Path.Combine(output, "Consumer.dll"), TestData.Golden("mixtral")).Succeeded();
            _built = built = (build, run, output);
        }

        return built;
    }
}
