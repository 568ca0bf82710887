using System.Reflection;
using ILGPU;

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

    /// <summary>ILGPU's second level of optimization moves the load behind the store.</summary>
    [Fact]
    public void Load_StaysBeforeAStoreToTheSamePlace()
    {
        var text = KernelCompiler.Compile(Method(nameof(SumsBefore)), new(32), KernelTarget.Ampere).Text;
        Assert.True(text.IndexOf("ld.shared", StringComparison.Ordinal) is > 0 and var load && load < text.IndexOf("st.shared", StringComparison.Ordinal), text);
    }

    /// <summary>Else the launch would pass eight bytes where the kernel reads four.</summary>
    [Fact]
    public void Double_StaysADouble() =>
        Assert.Contains(".param .f64 _value", KernelCompiler.Compile(Method(nameof(TakesADouble)), new(32), KernelTarget.Ampere).Text, StringComparison.Ordinal);

    [Fact]
    public void Tanh_IsAnInstructionThatExists() =>
        Assert.Contains("tanh.approx.f32", KernelCompiler.Compile(Method(nameof(Bounds)), new(32), KernelTarget.Ampere).Text, StringComparison.Ordinal);

    [Fact]
    public void SameKernel_GivesTheSameText()
    {
        var method = KernelCatalog.Method(typeof(AlignKernel));
        var text = KernelCompiler.Compile(method, new(1024), KernelTarget.Ampere).Text;
        Assert.Equal(text, KernelCompiler.Compile(method, new(1024), KernelTarget.Ampere).Text);
        Assert.Contains(".param .b64 _order,", text, StringComparison.Ordinal);
        Assert.Contains("\tL_0:", text, StringComparison.Ordinal);
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

    private static void SumsBefore(int count)
    {
        var shared = SharedMemory.GetDynamic<int>();
        var sum = 0;
        for (var i = 0; i < count; i++)
        {
            var value = shared[i];
            shared[i] = sum;
            sum += value;
        }
    }

    private static void TakesADouble(double value, long address) => GlobalMemory.StoreFloat(address, (float)value);

    private static void Bounds(float value, long address) => GlobalMemory.StoreFloat(address, MathF.Tanh(value));

    private static void Stores(long address, int value) => GlobalMemory.StoreInt(address, value);

    private static void TakesAMap(long tensorMapA, long address) => GlobalMemory.StoreInt(address, (int)tensorMapA);

    private static void Generic<T>(long address)
        where T : struct, IExpertActivation => GlobalMemory.StoreFloat(address, default(T).Apply(1f, 2f));
}
