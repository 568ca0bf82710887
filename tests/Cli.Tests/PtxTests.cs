namespace Moesaic.Cli.Tests;

public sealed class PtxTests
{
    [Fact]
    public void FileThatProgramsWouldNotFind_IsRefused() =>
        Tool.Run("ptx", "--assembly", typeof(Exit).Assembly.Location, "--out", "kernels.txt").IsRefused("kernels.txt", ".ptx.zip");

    [Fact]
    public void UnknownFormat_IsRefused() =>
        Tool.Run("ptx", "--assembly", typeof(Exit).Assembly.Location, "--out", "x.ptx.zip", "--formats", "int3").IsRefused("int3", "mxfp4");

    [Fact]
    public void MissingAssembly_IsRefused() => Tool.Run("ptx", "--assembly", "Nowhere.dll", "--out", "Nowhere.ptx.zip").IsRefused("Nowhere.dll", "no such file");

    [Fact]
    public void AssemblyWithoutBlocks_GivesNoFile()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.ptx.zip");
        var result = Tool.Run("ptx", "--assembly", typeof(Exit).Assembly.Location, "--out", path);
        Assert.Equal((0, "no blocks, so no kernels\n"), (result.ExitCode, result.Stderr));
        Assert.False(File.Exists(path));
    }
}
