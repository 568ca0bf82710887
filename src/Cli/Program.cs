using System.CommandLine;
using Moesaic;
using Moesaic.Cli;
using Moesaic.Cli.Commands;

var root = new RootCommand("Moesaic runs Mixture-of-Experts models that were declared in C#.")
{
    GenerateCommand.Create(),
    VerifyCommand.Create(),
    InspectCommand.Create(),
    ModelsCommand.Create(),
};

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
        return Exit.Unusable($"{parsed.Errors[0].Message} See moesaic {parsed.CommandResult.Command.Name} --help.");
    }

    return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false }, cancellation.Token);
}
catch (MoesaicException e)
{
    return Exit.Unusable(e.Message);
}
catch (OperationCanceledException)
{
    return Exit.Cancelled;
}
