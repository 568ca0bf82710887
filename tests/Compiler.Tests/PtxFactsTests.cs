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

    /// <summary>A product that begins with constants must not add to a copy of them that nobody reads.</summary>
    [Theory]
    [InlineData("down, decode")]
    [InlineData("down, e2m1")]
    [InlineData("down of token")]
    public void SumsOfTheFirstProduct_AreRead(string name)
    {
        var text = KernelCases.Ptx(name).Text;
        var result = Product().Match(text).Groups["result"].Value;
        var after = text[(text.LastIndexOf(result, StringComparison.Ordinal) + result.Length)..];
        Assert.All(Register().Matches(result), register => Assert.Matches($@"{register.Value}\b", after));
    }

    /// <summary>The best expert that is left, and where it stands: branches at its comparisons cost one token 3 µs.</summary>
    [Fact]
    public void ExpertsAreChosen_WithoutABranch()
    {
        // In each of three forms, of groups and of experts.
        var steps = Choice().Matches(KernelCases.Ptx("route").Text);
        Assert.Equal(3 * 2, steps.Count);
        Assert.All(steps, static step => Assert.DoesNotMatch(@"\bbra\b", step.Value));
    }

    /// <summary>Weights are asked for before the launch ahead has ended, tokens after.</summary>
    [Theory]
    [InlineData("down, decode")]
    [InlineData("down, e4m3")]
    [InlineData("down of token")]
    public void FirstWeights_AreAskedForBeforeTheWait(string name)
    {
        var text = KernelCases.Compile(name, KernelTarget.HopperOrLater).Text;
        var (weights, wait) = (text.IndexOf("ld.global.nc", StringComparison.Ordinal), text.IndexOf("griddepcontrol.wait", StringComparison.Ordinal));
        var tokens = text.IndexOf("[token0", StringComparison.Ordinal);
        Assert.InRange(weights, 0, wait);
        Assert.InRange(wait, weights, tokens);
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
    [InlineData("gate up, float16", 16)]
    [InlineData("gate up, e4m3", 8)]
    [InlineData("down, e4m3", 16)]
    [InlineData("down of token, e4m3", 8)]
    [InlineData("gate up, e2m1", 4)]
    [InlineData("down, e2m1", 16)]
    [InlineData("down of token, e2m1", 8)]
    public void Weights_AreLoadedSixteenBytesAtATime_AndPastTheFirstCache(string name, int loads) =>
        Assert.Equal(loads, Regex.Count(KernelCases.Ptx(name).Text, @"ld\.global\.nc\.L1::no_allocate\.L2::128B\.v4\.b32"));

    [Theory]
    [InlineData("gate up, float16", "f16")]
    [InlineData("down, float16", "f16")]
    [InlineData("tiled gate up, float16", "f16")]
    [InlineData("tiled gate up", "bf16")]
    [InlineData("tiled gate up, e4m3", "bf16")]
    [InlineData("tiled down, e2m1", "bf16")]
    [InlineData("gate up, e4m3", "bf16")]
    [InlineData("gate up, e2m1", "bf16")]
    public void Products_AreOfTheNumbersOfActivations(string name, string element)
    {
        var types = Regex.Matches(KernelCases.Ptx(name).Text, @"mma\S*\.aligned\.m\d+n\d+k16\.\S*?f32\.(b?f16)\.(b?f16)\b");
        Assert.NotEmpty(types);
        Assert.All(types, match => Assert.Equal((element, element), (match.Groups[1].Value, match.Groups[2].Value)));
    }

    /// <summary>What a lane does not load of a token, because its row has ended, is zero and not what the register had; then codes may be any.</summary>
    [Theory]
    [InlineData("gate up, e4m3, busy")]
    [InlineData("gate up, e2m1, busy")]
    public void RegistersOfTokens_AreZeroWhereNothingIsLoaded(string name)
    {
        var cleared = new HashSet<string>(StringComparer.Ordinal);
        var loads = 0;
        foreach (var line in KernelCases.Ptx(name).Text.Split('\n'))
        {
            cleared.UnionWith(Cleared().Matches(line).Select(static match => match.Groups["register"].Value));
            foreach (Match load in LaneLoad().Matches(line))
            {
                loads++;
                Assert.All(load.Groups["registers"].Value.Trim('{', '}').Split(','), register => Assert.True(cleared.Remove(register), $"{register}: {line}"));
            }
        }

        Assert.NotEqual(0, loads);
    }

    /// <summary>Between two steps nothing may touch the sums of wgmma, or the driver makes each product wait for the one before.</summary>
    [Theory]
    [InlineData("tiled gate up")]
    [InlineData("tiled down")]
    [InlineData("tiled gate up, e4m3")]
    [InlineData("tiled down, e2m1")]
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

    /// <summary>Of a step of 256 rows by 64 columns each of 128 threads decodes 128 weights: it reads each code once, and writes two bytes for each.</summary>
    [Theory]
    [InlineData("tiled gate up, e4m3", 8)]
    [InlineData("tiled down, e2m1", 4)]
    public void CodesOfTiles_AreReadOnce_AndVisibleToTheTensorCores(string name, int loads)
    {
        var decode = DecodedStep().Matches(KernelCases.Ptx(name).Text).Single().Value;
        Assert.Equal(loads, Regex.Count(decode, @"ld\.shared\.v4\.b32"));
        Assert.Equal(16, Regex.Count(decode, @"st\.shared\.v4\.b32"));
        var places = Regex.Matches(decode, @"st\.shared\.v4\.b32 \[(\S+)\]").Select(static match => match.Groups[1].Value).ToArray();
        Assert.Equal(places.Distinct(StringComparer.Ordinal), places);
    }

    [Fact]
    public void Bounds_ReachTheDriver() =>
        Assert.Contains(".maxntid 256, 1, 1\n.minnctapersm 2\n", KernelCases.Ptx("gate up, decode").Text, StringComparison.Ordinal);

    [GeneratedRegex(@"mov\.b32 (?<register>\w+), 0;")]
    private static partial Regex Cleared();

    [GeneratedRegex(@"@lane\d+ ld\.global\.v4\S+ (?<registers>\{[^}]*\}|\w+), ")]
    private static partial Regex LaneLoad();

    // From a first product to the branch back.
    [GeneratedRegex(@"wgmma\.mma_async\S+ \{(?<sums>[^}]*)\}(?<rest>.*?)\tbra\t", RegexOptions.Singleline)]
    private static partial Regex Loop();

    [GeneratedRegex(@"ld\.shared\.v4\.b32 \{code0.*?fence\.proxy\.async\.shared::cta;\s+\}\s+add.*?mbarrier\.arrive", RegexOptions.Singleline)]
    private static partial Regex DecodedStep();

    // From the best of a lane's to where it stands.
    [GeneratedRegex(@"redux\.sync\.max((?!redux).)*redux\.sync\.min", RegexOptions.Singleline)]
    private static partial Regex Choice();

    [GeneratedRegex(@"%f\d+")]
    private static partial Regex Register();

    [GeneratedRegex(@"\.entry")]
    private static partial Regex Entry();

    [GeneratedRegex(@"mma\.sync\S+ (?<result>\{[^}]*\}), \{[^}]*\}, \{[^}]*\}, (?<addend>\{[^}]*\});")]
    private static partial Regex Product();
}
