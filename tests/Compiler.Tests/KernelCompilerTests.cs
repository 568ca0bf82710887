using System.Reflection;

namespace Moesaic.Kernels.Tests;

public sealed class KernelCompilerTests
{
    [Fact]
    public void MethodThatNoKernelCanHave_IsNamed()
    {
        var error = Assert.Throws<KernelCompilationException>(() => KernelCompiler.Compile(Method(nameof(Throws)), new(32), KernelTarget.Ampere));
        Assert.StartsWith($"{nameof(KernelCompilerTests)}.{nameof(Throws)}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Throw", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FailedKernel_DoesNotSpoilTheNext()
    {
        Assert.Throws<KernelCompilationException>(() => KernelCompiler.Compile(Method(nameof(Throws)), new(32), KernelTarget.Ampere));
        Assert.Contains("st.global.b32", KernelCompiler.Compile(Method(nameof(Stores)), new(32), KernelTarget.Ampere).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void TensorMap_IsPassedByValue()
    {
        var text = KernelCompiler.Compile(Method(nameof(TakesAMap)), new(32), KernelTarget.Hopper).Text;
        Assert.Matches(@"\.param \.align 64 \.b8 _tensorMap\w*\[128\]", text);
        Assert.Contains("cvta.param.u64", text, StringComparison.Ordinal);
        Assert.Contains(".target sm_90a", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Cache_CompilesOnce()
    {
        var folder = Directory.CreateTempSubdirectory("moesaic");
        var cache = new PtxCache(folder.FullName);
        var first = cache.Get(Method(nameof(Stores)), new(32), KernelTarget.Ampere);
        var file = Assert.Single(folder.GetFiles());
        File.AppendAllText(file.FullName, "// read again\n");
        var second = cache.Get(Method(nameof(Stores)), new(32), KernelTarget.Ampere);
        Assert.Equal(first.EntryPoint, second.EntryPoint);
        Assert.EndsWith("// read again\n", second.Text, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Cache_SurvivesAFileThatIsNone()
    {
        var folder = Directory.CreateTempSubdirectory("moesaic");
        var cache = new PtxCache(folder.FullName);
        cache.Get(Method(nameof(Stores)), new(32), KernelTarget.Ampere);
        File.WriteAllText(folder.GetFiles().Single().FullName, "");
        Assert.Contains("st.global.b32", cache.Get(Method(nameof(Stores)), new(32), KernelTarget.Ampere).Text, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Fingerprint_KnowsMethodArgumentsBoundsAndTarget()
    {
        string[] names =
        [
            KernelFingerprint.Of(Method(nameof(Stores)), new(32), KernelTarget.Ampere),
            KernelFingerprint.Of(Method(nameof(TakesAMap)), new(32), KernelTarget.Ampere),
            KernelFingerprint.Of(Method(nameof(Stores)), new(64), KernelTarget.Ampere),
            KernelFingerprint.Of(Method(nameof(Stores)), new(32), KernelTarget.Hopper),
            KernelFingerprint.Of(Method(nameof(Generic)).MakeGenericMethod(typeof(SwiGlu)), new(32), KernelTarget.Ampere),
            KernelFingerprint.Of(Method(nameof(Generic)).MakeGenericMethod(typeof(GeGlu)), new(32), KernelTarget.Ampere),
        ];
        Assert.Equal(names.Length, names.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(names[0], KernelFingerprint.Of(Method(nameof(Stores)), new(32), KernelTarget.Ampere));
    }

    private static MethodInfo Method(string name) => typeof(KernelCompilerTests).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;

    private static void Throws(int value) => throw new InvalidOperationException(value > 0 ? "positive" : "not");

    private static void Stores(long address, int value) => GlobalMemory.StoreInt(address, value);

    private static void TakesAMap(long tensorMapA, long address) => GlobalMemory.StoreInt(address, (int)tensorMapA);

    private static void Generic<T>(long address)
        where T : struct, IExpertActivation => GlobalMemory.StoreFloat(address, default(T).Apply(1f, 2f));
}
