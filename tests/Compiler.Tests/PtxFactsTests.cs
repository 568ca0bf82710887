using System.Text.RegularExpressions;

namespace Moesaic.Kernels.Tests;

/// <summary>What must hold for the PTX of every kernel. No GPU is needed to see it.</summary>
public sealed partial class PtxFactsTests
{
    public static TheoryData<string> Kernels => [.. KernelCases.Names];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Kernel_KeepsAllInRegisters(string name) => Assert.DoesNotContain(".local", KernelCases.Ptx(name).Text, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Kernel_CallsNothing(string name)
    {
        var text = KernelCases.Ptx(name).Text;
        Assert.DoesNotContain("call", text, StringComparison.Ordinal);
        Assert.DoesNotContain(".func", text, StringComparison.Ordinal);
        Assert.Single(Entry().Matches(text));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Branch_OnAValueOfAThread_IsNotMarkedUniform(string name) =>
        Assert.DoesNotMatch(@"@!?%p\d+ +bra\.uni|brx\.idx\.uni", KernelCases.Ptx(name).Text);

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Kernel_HasTheTensorCoreInstructionsOfItsTile(string name) =>
        Assert.Equal(KernelCases.Products(name), Regex.Count(KernelCases.Ptx(name).Text, @"\bmma\.sync|wgmma\.mma_async"));

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Accumulators_StayInPlace(string name)
    {
        foreach (Match product in Product().Matches(KernelCases.Ptx(name).Text))
        {
            Assert.Equal(product.Groups["result"].Value, product.Groups["addend"].Value);
        }
    }

    [Theory]
    [InlineData("sm_80")]
    [InlineData("sm_90")]
    public void Kernel_IsForTheTarget(string architecture)
    {
        var target = architecture == "sm_80" ? KernelTarget.Ampere : KernelTarget.HopperOrLater;
        var text = KernelCases.Compile("combine", target).Text;
        Assert.Contains($".version 8.0\n.target {architecture}\n", text, StringComparison.Ordinal);
        Assert.Equal(architecture == "sm_90", text.Contains("griddepcontrol.wait;", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gate up, decode", 16)]
    [InlineData("down of token", 16)]
    public void Weights_AreLoadedSixteenBytesAtATime_AndPastTheFirstCache(string name, int loads) =>
        Assert.Equal(loads, Regex.Count(KernelCases.Ptx(name).Text, @"ld\.global\.nc\.L1::no_allocate\.L2::128B\.v4\.b32"));

    /// <summary>Between two steps nothing may touch the sums of wgmma, or the driver makes each product wait for the one before.</summary>
    [Theory]
    [InlineData("tiled gate up")]
    [InlineData("tiled down")]
    public void SumsOfTiles_AreTouchedByNothingButProducts(string name)
    {
        var text = KernelCases.Ptx(name).Text;
        foreach (Match loop in Loop().Matches(text))
        {
            var sums = Register().Matches(loop.Groups["sums"].Value).Select(static match => match.Value).ToHashSet(StringComparer.Ordinal);
            var others = loop.Groups["rest"].Value.Split('\n').Where(static line => !line.Contains("wgmma", StringComparison.Ordinal));
            Assert.DoesNotContain(others, line => Register().Matches(line).Any(match => sums.Contains(match.Value)));
        }
    }

    [Fact]
    public void Bounds_ReachTheDriver() =>
        Assert.Contains(".maxntid 256, 1, 1\n.minnctapersm 2\n", KernelCases.Ptx("gate up, decode").Text, StringComparison.Ordinal);

    // From a first product to the branch back.
    [GeneratedRegex(@"wgmma\.mma_async\S+ \{(?<sums>[^}]*)\}(?<rest>.*?)\tbra\t", RegexOptions.Singleline)]
    private static partial Regex Loop();

    [GeneratedRegex(@"%f\d+")]
    private static partial Regex Register();

    [GeneratedRegex(@"\.entry")]
    private static partial Regex Entry();

    [GeneratedRegex(@"mma\.sync\S+ (?<result>\{[^}]*\}), \{[^}]*\}, \{[^}]*\}, (?<addend>\{[^}]*\});")]
    private static partial Regex Product();
}
