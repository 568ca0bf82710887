using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Moesaic.Kernels.Tests;

/// <summary>How many of which instruction each kernel has: a change of a kernel, or of ILGPU, shows here in a few lines.</summary>
public sealed partial class PtxSnapshotTests
{
    private static readonly string Approved = Path.Combine(TestData.Root, "tests", "Compiler.Tests", "Snapshots", "kernels.txt");

    [Fact]
    public void Kernels_HaveTheInstructionsThatWereReviewed()
    {
        var text = new StringBuilder();
        foreach (var name in KernelCases.Names)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}\n{Summary(KernelCases.Ptx(name).Text)}\n");
        }

        var actual = text.ToString();
        if (!File.Exists(Approved) || File.ReadAllText(Approved).ReplaceLineEndings("\n") != actual)
        {
            File.WriteAllText(Path.ChangeExtension(Approved, ".received.txt"), actual);
            Assert.Fail($"kernels.received.txt differs from {Approved}: read the difference, then rename it");
        }
    }

    private static string Summary(string ptx) => string.Concat(
        Opcode().Matches(ptx)
            .Select(static match => match.Groups["opcode"].Value)
            .CountBy(static opcode => opcode)
            .OrderBy(static pair => pair.Key, StringComparer.Ordinal)
            .Select(static pair => $"  {pair.Value,4} {pair.Key}\n"));

    // Without branches, of which a build for debugging has others.
    // The first word after a tab or a semicolon, without types: ld.global, mma.sync, fma.
    [GeneratedRegex(@"(?:^\t|; )(?:@!?%?\w+ )?(?<opcode>(?:ld|st|stmatrix|wgmma|mbarrier|setmaxnreg|cp|fence|cvta?|bar|mma|match|shfl|griddepcontrol|ex2|rcp|div|fma|atom|red)(?:\.(?:global|shared|param|sync|idx|warp|async|mma_async|wait_group|try_wait|arrive|dec|inc))?)\b", RegexOptions.Multiline)]
    private static partial Regex Opcode();
}
