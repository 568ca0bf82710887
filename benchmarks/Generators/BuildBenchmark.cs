using System.Diagnostics;

namespace Moesaic.Benchmarks.Generators;

/// <summary>Builds src/Models with our generators and analyzers and without, in turn.</summary>
internal static class BuildBenchmark
{
    private const int Runs = 9;

    public static void Run(string folder)
    {
        var copy = Directory.CreateTempSubdirectory("generated").FullName;
        var targets = Path.GetFullPath(Path.Combine(folder, "..", "..", "benchmarks", "Generators", "GeneratedByHand.targets"));
        string[] byHand = [$"-p:CustomAfterMicrosoftCommonTargets={targets}", $"-p:GeneratedByHand={copy}"];
        foreach (var shared in (bool[])[true, false])
        {
            var (with, without) = (new List<double>(), new List<double>());
            for (var i = 0; i <= Runs; i++)
            {
                with.Add(Build(folder, shared));
                Copy(Path.Combine(folder, "obj", "generated", "Moesaic.Generators"), copy);
                without.Add(Build(folder, shared, byHand));
            }

            var (a, b) = (Median(with), Median(without));
            Console.WriteLine($"{(shared ? "compiler server" : "compiler started anew")}: {a:F0} ms, without generators and analyzers {b:F0} ms, added {(a - b) / b:P1} (least: {with.Min():F0} and {without.Min():F0} ms)");
        }

        Directory.Delete(copy, recursive: true);
    }

    // The first of each does not count: the server has to start.
    private static double Median(List<double> times) => times.Skip(1).Order().ElementAt(Runs / 2);

    private static double Build(string folder, bool shared, params string[] more)
    {
        var watch = Stopwatch.StartNew();
        using var build = Process.Start(new ProcessStartInfo("dotnet", ["build", folder, "-c", "Release", "--no-incremental", "--no-dependencies", "--no-restore", "-v:q", "-nologo", "-clp:NoSummary", $"-p:UseSharedCompilation={shared}", .. more]))!;
        build.WaitForExit();
        return build.ExitCode == 0 ? watch.Elapsed.TotalMilliseconds : throw new InvalidOperationException("the build failed");
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*.cs", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
