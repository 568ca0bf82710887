using System.Diagnostics;
using System.Globalization;
using Moesaic.Models;
using static TorchSharp.torch;

namespace Moesaic.Benchmarks.Loading;

/// <summary>The jobs that are measured, each in a process of its own.</summary>
internal static class Child
{
    internal static int Run(string[] job)
    {
        switch (job)
        {
            case ["tensor"]:
                using (ones(1))
                {
                    return 0;
                }

            case ["token", var directory]:
                ModelRegistry.AddFrom(typeof(ModelsAssembly).Assembly);
                using (var model = PretrainedModel.Load(directory))
                {
                    Console.Write(model.Generate("In the beginning", new() { MaxTokens = 1 }).First().Text);
                    return 0;
                }

            case ["load", var directory, var dtype]:
                ModelRegistry.AddFrom(typeof(ModelsAssembly).Assembly);
                var clock = Stopwatch.StartNew();
                using (var model = PretrainedModel.Load(directory, new() { Dtype = dtype == "float32" ? float32 : bfloat16 }))
                {
                    var seconds = clock.Elapsed.TotalSeconds;

                    // Every parameter is touched, so that nothing stays unread in the file.
                    foreach (var parameter in model.Network.parameters())
                    {
                        parameter.sum().Dispose();
                    }

                    Console.Write(string.Create(CultureInfo.InvariantCulture, $"{seconds} {PeakMegabytes()}"));
                    return 0;
                }

            default:
                return 2;
        }
    }

    /// <summary>Starts a job and waits for it.</summary>
    internal static (string Output, TimeSpan Time) Start(params string[] job)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        start.ArgumentList.Add("child");
        foreach (var argument in job)
        {
            start.ArgumentList.Add(argument);
        }

        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? (output, clock.Elapsed) : throw new InvalidOperationException($"child {string.Join(' ', job)} ended with {process.ExitCode}");
    }

    /// <summary>The largest resident set of this process so far, mapped files included.</summary>
    private static double PeakMegabytes()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line["VmHWM:".Length..^"kB".Length], CultureInfo.InvariantCulture) / 1024;
    }
}
