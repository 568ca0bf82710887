using System.CommandLine;
using static TorchSharp.torch;

namespace Moesaic.Cli.Commands;

/// <summary>Makes a checkpoint of random numbers from a config.json.</summary>
internal static class SynthesizeCommand
{
    internal static Command Create()
    {
        var config = new Option<string>("--config") { Description = "The config.json of a known architecture", HelpName = "FILE", Required = true };
        var output = new Option<string>("--out") { Description = "Folder to write config.json and safetensors to", HelpName = "DIR", Required = true };
        var seed = new Option<int>("--seed") { Description = "The same seed gives the same numbers", HelpName = "N" };
        var dtype = new Option<string>("--dtype") { Description = "float32, bfloat16 or float16 [default: float32]", HelpName = "TYPE" };
        dtype.AcceptOnlyFromAmong("float32", "bfloat16", "float16");
        var assembly = ModelOptions.AssemblyOption();
        var command = new Command("synthesize", "Writes a checkpoint of random numbers in the names and layouts that an architecture declares.")
        {
            config, output, seed, dtype, assembly,
        };
        command.SetAction(parsed =>
        {
            ModelOptions.Know(parsed.GetValue(assembly));
            var type = parsed.GetValue(dtype) switch { "bfloat16" => bfloat16, "float16" => float16, _ => float32 };
            var directory = parsed.GetValue(output)!;
            var tensors = SyntheticCheckpoint.Write(parsed.GetValue(config)!, directory, parsed.GetValue(seed), type);
            Console.Error.WriteLine($"{directory}: {tensors.Count} tensors, {tensors.Sum(tensor => tensor.Shape.Aggregate(1L, (a, b) => a * b))} numbers");
            return Exit.Ok;
        });
        return command;
    }
}
