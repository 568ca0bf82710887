using System.Reflection;
using System.Text.RegularExpressions;

namespace Moesaic.Generators.Tests.Heuristics;

/// <summary>docs/heuristics.md says what is there.</summary>
public sealed partial class HeuristicsPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(TestData.Root, "docs", "heuristics.md"));

    [Fact]
    public void AllRows_AreThere() => Assert.Equal(Enumerable.Range(1, 25), Row().Matches(Page).Select(static match => int.Parse(match.Groups["row"].Value, null)));

    [Fact]
    public void Diagnostics_HavePages() => Assert.All(
        Link().Matches(Page), static match => Assert.True(File.Exists(Path.Combine(TestData.Root, "docs", match.Groups["page"].Value)), match.Value));

    [Fact]
    public void Rows_AreTestedAsTheySay() => Assert.All(
        typeof(HeuristicsTests).GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly),
        static method => Assert.Contains($"| {int.Parse(method.Name.AsSpan(3, 2), null)} |", Page.Split('\n').Single(line => line.Contains(method.Name + "`", StringComparison.Ordinal)), StringComparison.Ordinal));

    [Fact]
    public void TestsThatAreNamed_AreThere()
    {
        var tests = Directory.GetFiles(Path.Combine(TestData.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToArray();
        Assert.All(Test().Matches(Page), match => Assert.Contains(tests, text => text.Contains(match.Groups["test"].Value, StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"(?m)^\| (?<row>\d+) \|", RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"\((?<page>diagnostics/MOE\d{4}\.md)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex("`(?<test>(Row|Moe)[0-9]{2,4}_\\w+|\\w+Tests)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Test();
}
