using Moesaic.Checkpoints;
using Spectre.Console;

namespace Moesaic.Cli;

/// <summary>A bar on stderr while a checkpoint loads, on a terminal only.</summary>
internal static class LoadingProgress
{
    internal static T Show<T>(Func<IProgress<LoadProgress>?, T> load) => Console.IsErrorRedirected ? load(null) : ShowBar(load);

    // A method of its own: Spectre.Console is not even loaded where there is no terminal.
    private static T ShowBar<T>(Func<IProgress<LoadProgress>?, T> load)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress().AutoClear(true).Start(context =>
        {
            var task = context.AddTask("loading");
            return load(new Bar(task));
        });
    }

    private sealed class Bar(ProgressTask task) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value)
        {
            task.MaxValue = value.BytesTotal;
            task.Value = value.BytesDone;
        }
    }
}
