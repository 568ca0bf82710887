using System.Security.Cryptography;

namespace Moesaic.Cli.Tests;

/// <summary>Where libtorch comes from, and what a user sees when it does not come.</summary>
public sealed class LibtorchTests : IDisposable
{
    private static readonly string[] Generate = ["generate", "--prompt", "And", "--max-tokens", "2"];
    private static readonly string Shared = (string)AppContext.GetData("Moesaic.Libtorch")!;

    private readonly string _directory = Directory.CreateTempSubdirectory("moesaic-libtorch-").FullName;

    private string Cached => Path.Combine(_directory, "moesaic", "torchsharp-0.107.0", "libLibTorchSharp.so");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void AnotherLibtorch_IsTakenWhereItIsNamed() =>
        Assert.Equal(0, Tool.Run(new() { ["MOESAIC_LIBTORCH"] = Shared }, Generate).ExitCode);

    [Fact]
    public void AFolderWithoutLibtorch_IsRefused() =>
        Tool.Run(new() { ["MOESAIC_LIBTORCH"] = _directory }, Generate).IsRefused("MOESAIC_LIBTORCH", _directory, "torch_cpu");

    [LinuxFact]
    public void ADamagedLibtorch_IsRefused()
    {
        foreach (var file in Directory.GetFiles(Shared))
        {
            File.CreateSymbolicLink(Path.Combine(_directory, Path.GetFileName(file)), file);
        }

        File.Delete(Path.Combine(_directory, "libc10.so"));
        File.WriteAllText(Path.Combine(_directory, "libc10.so"), "no library");
        Tool.Run(new() { ["MOESAIC_LIBTORCH"] = _directory }, Generate).IsRefused("libc10.so", "does not load");
    }

    [NeedsMendFact]
    public void SeveralProcessesAtOnce_ShareOneMendedCopy()
    {
        var results = new ToolResult[4];
        Parallel.For(0, results.Length, i => results[i] = Tool.Run(new() { ["XDG_CACHE_HOME"] = _directory }, Generate));

        Assert.All(results, result => Assert.Equal(0, result.ExitCode));
        Assert.Equal([Cached], Directory.GetFiles(_directory, "*", SearchOption.AllDirectories));
    }

    [NeedsMendFact]
    public void ADamagedCopy_IsReplaced()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Cached)!);
        File.WriteAllText(Cached, "no library");

        Assert.Equal(0, Tool.Run(new() { ["XDG_CACHE_HOME"] = _directory }, Generate).ExitCode);
        Assert.NotEqual("no library"u8.Length, new FileInfo(Cached).Length);
    }

    [NeedsMendFact]
    public void ACacheThatCannotBeWritten_IsDoneWithout()
    {
        var file = Path.Combine(_directory, "file");
        File.WriteAllText(file, "a file where a folder should be");

        Assert.Equal(0, Tool.Run(new() { ["XDG_CACHE_HOME"] = file }, Generate).ExitCode);
    }

    [NeedsMendFact]
    public void TheOriginal_IsLeftAsItIs()
    {
        var library = Path.Combine(Shared, "libLibTorchSharp.so");
        var before = SHA256.HashData(File.ReadAllBytes(library));
        Tool.Run(new() { ["XDG_CACHE_HOME"] = _directory }, Generate);
        Assert.Equal(before, SHA256.HashData(File.ReadAllBytes(library)));
    }
}
