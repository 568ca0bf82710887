using System.CommandLine;
using System.Diagnostics;
using System.Text;
using Moesaic.Generation;

namespace Moesaic.Cli.Commands;

/// <summary>Continues a prompt. The continuation, streamed, is all there is on stdout.</summary>
internal static class GenerateCommand
{
    internal static Command Create()
    {
        var prompt = new Option<string>("--prompt") { Description = "The text to continue", HelpName = "TEXT", Required = true };
        var maxTokens = new Option<int>("--max-tokens") { Description = "At most this many new tokens", DefaultValueFactory = _ => 64 };
        var temperature = new Option<double>("--temperature") { Description = "0 takes the likeliest token each time", DefaultValueFactory = _ => 0 };
        var topK = new Option<int?>("--top-k") { Description = "Draw only from the likeliest this many", HelpName = "N" };
        var topP = new Option<double?>("--top-p") { Description = "Draw only from the likeliest with this sum of probabilities", HelpName = "F" };
        var seed = new Option<int?>("--seed") { Description = "The same seed draws the same text", HelpName = "N" };
        var expected = new Option<string>("--expected") { Description = "What a reference computed, as verify reads it: a model that computes something else is refused", HelpName = "FILE" };
        Require(maxTokens, value => value >= 0, "0 or more");
        Require(temperature, value => double.IsFinite(value) && value >= 0, "0 or more");
        Require(topK, value => value is null or > 0, "1 or more");
        Require(topP, value => value is null or (> 0 and <= 1), "above 0 and at most 1");
        var command = new Command("generate", "Continues a prompt; the text goes to stdout, everything else to stderr.") { prompt, maxTokens, temperature, topK, topP, seed, expected };
        var model = new ModelOptions(command, defaultDtype: "auto");
        command.SetAction((parsed, cancellation) =>
        {
            using var pretrained = LoadingProgress.Show(progress => PretrainedModel.Load(model.Directory(parsed), model.Load(parsed, progress) with { Reference = parsed.GetValue(expected) }));
            var options = new GenerationOptions
            {
                MaxTokens = parsed.GetValue(maxTokens),
                Temperature = parsed.GetValue(temperature),
                TopK = parsed.GetValue(topK),
                TopP = parsed.GetValue(topP),
                Seed = parsed.GetValue(seed),
                StopIds = pretrained.StopIds,
            };
            Write(pretrained, parsed.GetValue(prompt)!, options, cancellation);
            return Task.FromResult(Exit.Ok);
        });
        return command;
    }

    private static void Write(PretrainedModel pretrained, string prompt, GenerationOptions options, CancellationToken cancellation)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
        var clock = Stopwatch.StartNew();
        var first = TimeSpan.Zero;
        var count = 0;
        foreach (var piece in pretrained.Generate(prompt, options, cancellation))
        {
            count = piece.TokenCount;
            first = count == 1 ? clock.Elapsed : first;
            output.Write(piece.Text);
        }

        if (!Console.IsOutputRedirected)
        {
            output.WriteLine();
        }

        var rest = (clock.Elapsed - first).TotalSeconds;
        Console.Error.WriteLine(
            count < 2
                ? $"{count} tokens, first after {first.TotalMilliseconds:F0} ms"
                : $"{count} tokens, first after {first.TotalMilliseconds:F0} ms, then {(count - 1) / rest:F1} tokens/s");
    }

    private static void Require<T>(Option<T> option, Predicate<T?> valid, string expected) => option.Validators.Add(result =>
    {
        try
        {
            if (!valid(result.GetValueOrDefault<T>()))
            {
                result.AddError($"{option.Name}: expected {expected}, found {result.Tokens.FirstOrDefault()?.Value}.");
            }
        }
        catch (InvalidOperationException)
        {
            result.AddError($"{option.Name}: expected a number, {expected}, found {result.Tokens.FirstOrDefault()?.Value}.");
        }
    });
}
