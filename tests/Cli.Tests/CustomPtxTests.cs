using System.IO.Compression;

namespace Moesaic.Cli.Tests;

/// <summary>Kernels with an activation that this repository's solution does not know.</summary>
public sealed class CustomPtxTests(CustomArchitecture custom) : IClassFixture<CustomArchitecture>
{
    [Fact]
    public void AuthorsActivation_IsCompiledIntoTheKernels()
    {
        var path = Path.Combine(custom.Folder, "CustomArchitecture.ptx.zip");
        var cache = new Dictionary<string, string> { ["XDG_CACHE_HOME"] = Path.Combine(custom.Folder, "cache") };
        var result = Tool.Run(cache, "ptx", "--assembly", custom.Assembly, "--out", path, "--formats", "bfloat16");
        Assert.Equal((0, $"{path}: SquaredReluGlu\n"), (result.ExitCode, result.Stderr));

        using var file = ZipFile.OpenRead(path);
        using var fingerprint = new StreamReader(file.GetEntry("fingerprint")!.Open());
        Assert.Contains("assembly CustomArchitecture ", fingerprint.ReadToEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain(file.Entries, static entry => entry.FullName.Contains(".E4M3.", StringComparison.Ordinal));
        var own = file.Entries.Where(static entry => entry.FullName.Contains(".SquaredReluGlu.", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["GateUp", "TiledGateUp"], own.Select(static entry => entry.FullName.Split('.')[0]).Distinct().Order());
        Assert.All(own, static entry =>
        {
            using var reader = new StreamReader(entry.Open());
            Assert.Contains($".target {entry.FullName.Split('.')[^1]}\n", reader.ReadToEnd(), StringComparison.Ordinal);
        });
    }
}
