using System.Diagnostics;

namespace Moesaic.Cli.Tests;

/// <summary>The assembly of samples/CustomArchitecture, which neither the solution nor the tool knows, and a checkpoint for it.</summary>
public sealed class CustomArchitecture : IDisposable
{
    private static readonly string Project = Path.Combine(TestData.Root, "samples", "CustomArchitecture");
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public CustomArchitecture()
    {
        Build();
        var made = Tool.Run("synthesize", "--config", Path.Combine(Project, "config.json"), "--out", Model, "--assembly", Assembly, "--seed", "5");
        Assert.True(made.ExitCode == 0, made.Stderr);
        File.Copy(Path.Combine(TestData.Sample, "tokenizer.json"), Path.Combine(Model, "tokenizer.json"));
    }

    /// <summary>A folder for the tests' own files.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("moesaic-custom-").FullName;

    /// <summary>The DLL, in a folder without Moesaic.</summary>
    public string Assembly { get; } = Path.Combine(Project, "bin", Configuration, "net10.0", "CustomArchitecture.dll");

    /// <summary>The checkpoint.</summary>
    public string Model => Path.Combine(Folder, "model");

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    // What it references is built already, and perhaps in use by another test.
    private static void Build()
    {
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", ["build", Project, "-c", Configuration, "--no-dependencies", "--nologo", "-v", "quiet"]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
    }
}
