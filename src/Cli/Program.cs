using System.CommandLine;
using System.Runtime.InteropServices;
using Moesaic;
using Moesaic.Cli;
using Moesaic.Cli.Commands;
using Moesaic.Communication;

var root = new RootCommand("Moesaic runs Mixture-of-Experts models that were declared in C#.")
{
    GenerateCommand.Create(),
    VerifyCommand.Create(),
    InspectCommand.Create(),
    ModelsCommand.Create(),
    SynthesizeCommand.Create(),
    PtxCommand.Create(),
    BenchCommand.Create(),
};

if (MpiWorld.IsLaunched)
{
    Environment.SetEnvironmentVariable("TERM", "dumb"); // mpirun gives its processes terminals that are none: what .NET sets one up with would be output.
}

using var cancellation = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true; // The commands end by themselves, and what they hold is released.
    cancellation.Cancel();
};

try
{
    var parsed = root.Parse(args);
    if (parsed.Errors.Count > 0)
    {
        // A word that is no command says more than that one is missing.
        var problem = parsed.UnmatchedTokens.Count > 0 ? $"'{parsed.UnmatchedTokens[0]}' is no command or option." : parsed.Errors[0].Message;
        return Exit.Unusable($"{problem} See {string.Join(' ', Exit.CommandLine(parsed.CommandResult))} --help.");
    }

    return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false }, cancellation.Token);
}
catch (MoesaicException e)
{
    return Exit.Unusable(e.Message);
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or ExternalException)
{
    return Exit.Unusable(e.Message.Split('\n')[0]); // A file that cannot be read or written, a reader of stdout that has gone, or libtorch's refusal.
}
catch (OperationCanceledException)
{
    return Exit.Cancel();
}
