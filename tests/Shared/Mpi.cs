using System.Diagnostics;

namespace Moesaic.Tests;

/// <summary>Starts a program as the ranks of one mpirun.</summary>
public static class Mpi
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Where mpirun is; null where the machine has none.</summary>
    public static string? Launcher { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "mpirun")).FirstOrDefault(File.Exists);

    /// <summary>Runs <c>dotnet program arguments</c> on so many ranks.</summary>
    public static (int ExitCode, string Stdout, string Stderr) Run(int ranks, string program, params string[] arguments) =>
        Run([], ["-n", $"{ranks}", "dotnet", program, .. arguments]);

    /// <summary>Runs mpirun with arguments of one's own behind those that every test needs.</summary>
    public static (int ExitCode, string Stdout, string Stderr) Run(Dictionary<string, string> environment, IEnumerable<string> arguments, Action<Process>? meanwhile = null)
    {
        // Quiet: mpirun says in six lines more that a rank ended with an error.
        var start = new ProcessStartInfo(Launcher!) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in (string[])["-q", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["OMPI_MCA_mpi_yield_when_idle"] = "1"; // There are fewer cores than ranks.
        start.Environment["OMPI_MCA_btl_vader_single_copy_mechanism"] = "none"; // Containers forbid what it needs.
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var stdout = process.StandardOutput.ReadToEndAsync();
        var stderr = process.StandardError.ReadToEndAsync();
        meanwhile?.Invoke(process);
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"mpirun {string.Join(' ', arguments)} did not end within {Limit}: {stderr.Result}");
        }

        return (process.ExitCode, stdout.Result, stderr.Result);
    }
}
