using Moesaic.Native;
using TorchSharp;

namespace Moesaic.Runtime.Tests.Native;

public sealed class ElfVersionNeedsTests
{
    private static readonly string TorchSharpLibrary = LibtorchFiles.Find().TorchSharp;

    [LinuxFact]
    public void OneNeed_IsWeakenedByTwoBytes()
    {
        var original = File.ReadAllBytes(TorchSharpLibrary);
        var mended = (byte[])original.Clone();

        Assert.Equal(1, ElfVersionNeeds.Weaken(mended, "GLIBCXX_3.4.32"));

        var changed = Enumerable.Range(0, original.Length).Where(i => original[i] != mended[i]).ToArray();
        Assert.InRange(changed.Length, 1, 2);
        Assert.Equal(original[changed[0]] | 0x2, mended[changed[0]]);
    }

    [LinuxFact]
    public void UnknownVersion_ChangesNothing()
    {
        var original = File.ReadAllBytes(TorchSharpLibrary);
        var mended = (byte[])original.Clone();

        Assert.Equal(0, ElfVersionNeeds.Weaken(mended, "GLIBCXX_9.9.9"));
        Assert.Equal(original, mended);
    }

    [Fact]
    public void OtherFile_IsRefused() =>
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.Weaken("MZ not an ELF library"u8.ToArray(), "GLIBCXX_3.4.32"));

    [LinuxTheory]
    [InlineData(6)]
    [InlineData(64)]
    [InlineData(100_000)]
    public void CutLibrary_IsRefused(int length)
    {
        var cut = File.ReadAllBytes(TorchSharpLibrary)[..length];
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.Weaken(cut, "GLIBCXX_3.4.32"));
    }

    [LinuxFact]
    public void NoCopyOfLibtorch_IsMadeBesideTheApplication()
    {
        using var one = torch.ones(1);
        Assert.False(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "cpu")));
    }
}
