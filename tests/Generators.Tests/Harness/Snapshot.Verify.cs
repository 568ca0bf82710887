using System.Runtime.CompilerServices;

namespace Moesaic.Generators.Tests.Harness;

/// <summary>The same calls and files, compared by Verify: with <c>-p:SnapshotTool=Verify</c> this file is compiled in place of Snapshot.cs.</summary>
internal static class Snapshot
{
    public static async Task Match(
        GeneratorRun run, string hintName, [CallerFilePath] string file = "", [CallerMemberName] string method = "")
    {
        var settings = new VerifyTests.VerifySettings();
        settings.UseDirectory(Path.Combine(TestData.Root, "tests", "Generators.Tests", "Snapshots"));
        settings.UseFileName($"{Path.GetFileNameWithoutExtension(file)}.{method}#{Path.GetFileNameWithoutExtension(hintName)}");
        settings.DisableDiff();
        await VerifyXunit.Verifier.Verify(run.Files[hintName], "cs", settings, file);
    }
}
