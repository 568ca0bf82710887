using Moesaic.Native;

namespace Moesaic.Runtime.Tests.Native;

public sealed class LoadedLibtorchTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("moesaic-second-").FullName;

    public LoadedLibtorchTests() => Libtorch.Load();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [LinuxFact]
    public void SecondCopy_IsRefusedByName()
    {
        File.WriteAllText(Path.Combine(_directory, LibtorchFiles.TorchCpuName), "another libtorch");
        var error = Assert.Throws<LibtorchException>(() => LoadedLibtorch.RefuseAnother(_directory));
        Assert.Contains(_directory, error.Message);
        Assert.Contains(LibtorchFiles.Find().Libtorch, error.Message);
    }

    [LinuxFact]
    public void LinkToTheLoadedCopy_IsTheSame()
    {
        File.CreateSymbolicLink(
            Path.Combine(_directory, LibtorchFiles.TorchCpuName), Path.Combine(LibtorchFiles.Find().Libtorch, LibtorchFiles.TorchCpuName));
        LoadedLibtorch.RefuseAnother(_directory);
    }

    [Fact]
    public void SecondLoad_DoesNothing() => Libtorch.Load();
}
