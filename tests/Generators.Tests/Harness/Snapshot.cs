using System.Runtime.CompilerServices;

namespace Moesaic.Generators.Tests.Harness;

/// <summary>Compares a generated file with the one that was read and approved: Snapshots/Class.Method#hint.verified.cs.</summary>
/// <remarks>
/// A difference leaves a .received.cs beside it. Read it line by line; to approve it, rename it by hand. There is no command that does.
/// </remarks>
internal static class Snapshot
{
    public static async Task Match(
        GeneratorRun run, string hintName, [CallerFilePath] string file = "", [CallerMemberName] string method = "")
    {
        var name = $"{Path.GetFileNameWithoutExtension(file)}.{method}#{Path.GetFileNameWithoutExtension(hintName)}";
        var stem = Path.Combine(TestData.Root, "tests", "Generators.Tests", "Snapshots", name);
        var (verified, received) = (stem + ".verified.cs", stem + ".received.cs");
        var text = run.Files[hintName];
        var expected = File.Exists(verified) ? await File.ReadAllTextAsync(verified) : "";

        // A checkout may have changed the line ends; the generators never do.
        if (text == expected.ReplaceLineEndings("\n"))
        {
            File.Delete(received);
            return;
        }

        await File.WriteAllTextAsync(received, text);
        Assert.Fail($"{received} differs from what was approved. First difference: {FirstDifference(expected, text)}");
    }

    private static string FirstDifference(string expected, string text)
    {
        var (before, after) = (expected.ReplaceLineEndings("\n").Split('\n'), text.Split('\n'));
        var line = before.Zip(after).TakeWhile(static pair => pair.First == pair.Second).Count();
        return $"line {line + 1}\napproved: {before.ElementAtOrDefault(line)}\nreceived: {after.ElementAtOrDefault(line)}";
    }
}
