using System.IO.Compression;
using System.Text.RegularExpressions;

namespace Moesaic.Kernels.Tests;

public sealed class PtxBundleTests : IDisposable
{
    private static readonly KernelName GateUp = new(ExpertKernel.GateUp, KernelTarget.HopperOrLater) { Activation = typeof(AuthorsActivation), Tile = StreamTiles.Of(WeightFormat.BFloat16).Decode };

    private readonly string _folder = Directory.CreateTempSubdirectory("moesaic-ptx-").FullName;
    private readonly string _path;

    public PtxBundleTests()
    {
        _path = Path.Combine(_folder, "MyModel.ptx.zip");
        PtxFile.Write(_path, [typeof(AuthorsActivation), typeof(SwiGlu)], new FakePtx());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void EveryKernelThatAPlanCanChoose_IsFoundByItsName()
    {
        KernelName[] names = [.. NeededKernels.OfAll(), .. NeededKernels.Of(typeof(AuthorsActivation)), .. NeededKernels.Of(typeof(SwiGlu))];
        var bundle = PtxBundle.Open(_path);
        Assert.Equal(names.Select(static name => name.ToString()).Order(), bundle.Names.Order());
        Assert.All(names, name =>
        {
            Assert.Null(bundle.Refusal(name));
            var kernel = bundle.Get(name);
            Assert.Equal(("Kernel_Run", 128, 1024, 4), (kernel.EntryPoint, kernel.Threads, kernel.SharedBytes, kernel.SharedBytesPerExpert));
            Assert.EndsWith($".entry {name}\n", kernel.Text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void TheSameKernels_GiveTheSameFile()
    {
        var again = Path.Combine(_folder, "Again.ptx.zip");
        PtxFile.Write(again, [typeof(AuthorsActivation), typeof(SwiGlu)], new FakePtx());
        Assert.Equal(File.ReadAllBytes(_path), File.ReadAllBytes(again));
    }

    [Fact]
    public void FileOfAnotherBuildOfTheAuthorsAssembly_IsNoticed_AndTheRestOfItStands()
    {
        Age("Moesaic.Compiler.Tests");
        var bundle = PtxBundle.Open(_path);
        Assert.Equal("MyModel.ptx.zip was made for another build of Moesaic.Compiler.Tests", bundle.Refusal(GateUp));
        Assert.Null(bundle.Refusal(GateUp with { Activation = typeof(SwiGlu) }));
    }

    [Fact]
    public void FileOfAnotherMoesaic_IsNoticed()
    {
        Age("Moesaic.Runtime");
        Assert.Equal("MyModel.ptx.zip was made for another build of Moesaic.Runtime", PtxBundle.Open(_path).Refusal(GateUp));
    }

    [Fact]
    public void FileThatIsNone_IsNoticed()
    {
        File.WriteAllText(_path, "nonsense");
        Assert.StartsWith("MyModel.ptx.zip cannot be read: ", PtxBundle.Open(_path).Refusal(GateUp), StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownActivation_IsNamed() =>
        Assert.Equal("MyModel.ptx.zip has no GateUp.Moesaic.GeGlu.2x1x4x4.sm_90", PtxBundle.Open(_path).Refusal(GateUp with { Activation = typeof(GeGlu) }));

    [Fact]
    public void StaleFile_IsPassedOverWhereTheKernelCanBeCompiled_AndElseSaidInOneLine()
    {
        Age("Moesaic.Runtime");
        var sources = new PtxSources(new PtxFolder(_folder));
        var refusal = sources.Refusal(GateUp)!;
        Assert.StartsWith("no PTX for AuthorsActivation: MyModel.ptx.zip was made for another build of Moesaic.Runtime; publish with -p:MoesaicPtx=true", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal);
        Assert.Equal(refusal, Assert.Throws<CudaException>(() => sources.Get(GateUp)).Message);

        sources.Add(new FakePtx());
        Assert.Null(sources.Refusal(GateUp));
        Assert.Equal($".entry {GateUp}\n", sources.Get(GateUp).Text);
    }

    /// <summary>Gives an assembly of the fingerprint another id.</summary>
    private void Age(string assembly)
    {
        using var file = ZipFile.Open(_path, ZipArchiveMode.Update);
        var entry = file.GetEntry("fingerprint")!;
        string text;
        using (var reader = new StreamReader(entry.Open()))
        {
            text = reader.ReadToEnd();
        }

        var aged = Regex.Replace(text, $"(?<=assembly {Regex.Escape(assembly)} ).*", Guid.NewGuid().ToString());
        Assert.NotEqual(text, aged);
        entry.Delete();
        using var writer = new StreamWriter(file.CreateEntry("fingerprint").Open());
        writer.Write(aged);
    }
}
