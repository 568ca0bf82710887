using System.CommandLine;
using Moesaic.Eplb;
using Moesaic.Generation;
using Moesaic.Verification;
using static TorchSharp.torch;

namespace Moesaic.Cli.Commands;

/// <summary>The options of <c>inspect --eplb</c>, and the load that they name.</summary>
internal sealed class BalanceOptions
{
    private const int UsualRanks = 8;

    private readonly Option<int> _ranks;

    /// <param name="ranks">How many ranks share the experts; other reports have it too.</param>
    internal BalanceOptions(Command command, Option<int> ranks)
    {
        _ranks = ranks;
        Option[] all = [Eplb, Redundant, Nodes, LoadFile, Prompt, SaveLoad];
        foreach (var option in all)
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (!result.GetValue(Eplb) && all[1..].FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } alone)
            {
                result.AddError($"{alone.Name}: expected --eplb beside it, which it is for.");
            }
            else if (result.GetValue(LoadFile) is not null && (result.GetValue(Prompt) is not null || result.GetValue(SaveLoad) is not null))
            {
                result.AddError("--load: expected neither --prompt nor --save-load beside it: the load has been recorded.");
            }
        });
    }

    private Option<bool> Eplb { get; } = new("--eplb") { Description = "Draw the load of each rank before and after experts are rebalanced" };

    private Option<int> Redundant { get; } = new("--redundant-experts") { Description = "Slots beyond one for each expert, over all ranks [default: 0]", HelpName = "R" };

    private Option<int> Nodes { get; } = new("--nodes") { Description = "Machines that the ranks are on", HelpName = "N", DefaultValueFactory = _ => 1 };

    private Option<string> LoadFile { get; } = new("--load") { Description = "A recorded load, from --save-load", HelpName = "FILE" };

    private Option<string> Prompt { get; } = new("--prompt") { Description = "A text whose tokens make the load [default: the inputs of expected.safetensors]", HelpName = "TEXT" };

    private Option<string> SaveLoad { get; } = new("--save-load") { Description = "Write the load of --prompt", HelpName = "FILE" };

    internal bool IsAsked(ParseResult parsed) => parsed.GetValue(Eplb);

    /// <summary>What there is no load without; null where there is one.</summary>
    internal string? Missing(ParseResult parsed, string directory) =>
        parsed.GetValue(LoadFile) is null && parsed.GetValue(Prompt) is null && Directory.Exists(directory) && !File.Exists(Expected(directory))
            ? $"{directory}: expected expected.safetensors, whose inputs make a load, found none; give --prompt TEXT or --load FILE"
            : null;

    internal BalanceReport Report(ParseResult parsed, string directory, LoadOptions options)
    {
        using var folder = ModelFolder.Open(directory);
        var blocks = ExpertLoadRecorder.Blocks(folder.Network).Select(block => (block.Name, block.Block.Config)).ToList();
        var sizes = new EplbOptions { RedundantExperts = parsed.GetValue(Redundant), NumNodes = parsed.GetValue(Nodes) };
        foreach (var (name, config) in blocks) // What does not fit is said before anything is loaded.
        {
            LayerForecast.Of(new(name, new long[config.NumExperts]), config.NumExpertGroups, Ranks(parsed), sizes);
        }

        var (source, load) = parsed.GetValue(LoadFile) is { } file ? (file, ExpertLoad.Load(file)) : Record(parsed, directory, options);
        load.CheckIsOf(source, [.. blocks.Select(block => (block.Name, block.Config.NumExperts))]);
        return new(
            source, Ranks(parsed), sizes.RedundantExperts,
            [.. load.Layers.Zip(blocks, (layer, block) => LayerForecast.Of(layer, block.Config.NumExpertGroups, Ranks(parsed), sizes))]);
    }

    private int Ranks(ParseResult parsed) => parsed.GetResult(_ranks) is { Implicit: false } ? parsed.GetValue(_ranks) : UsualRanks;

    private static string Expected(string directory) => Path.Combine(directory, "expected.safetensors");

    private (string Source, ExpertLoad Load) Record(ParseResult parsed, string directory, LoadOptions options)
    {
        using var pretrained = LoadingProgress.Show(progress => PretrainedModel.Load(directory, options with { Progress = progress }));
        using var recorder = new ExpertLoadRecorder(pretrained.Network);
        var source = parsed.GetValue(Prompt) is { } prompt ? Run(pretrained, prompt) : Run(pretrained.Network, Expected(directory));
        if (parsed.GetValue(SaveLoad) is { } path)
        {
            recorder.Load.Save(path);
        }

        return (source, recorder.Load);
    }

    private static string Run(PretrainedModel pretrained, string prompt)
    {
        var ids = pretrained.Tokenizer.Encode(prompt);
        foreach (var _ in new TextGenerator(pretrained.Network).Generate(ids, new() { MaxTokens = 1 }))
        {
            // One pass over the prompt is all that is wanted.
        }

        return $"{ids.Length} tokens of the prompt";
    }

    private static string Run(CausalLm network, string expected)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        using var reference = ReferenceOutputs.Load(expected, network);
        network.forward(reference.InputIds.to(network.Device)).Dispose();
        return $"{reference.InputIds.numel()} tokens of {expected}";
    }
}
