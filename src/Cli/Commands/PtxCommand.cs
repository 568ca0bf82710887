using System.CommandLine;
using Moesaic.Kernels;

namespace Moesaic.Cli.Commands;

/// <summary>Compiles the GPU kernels of model assemblies to a file of PTX: a step of a build.</summary>
internal static class PtxCommand
{
    internal static Command Create()
    {
        var assemblies = new Option<string[]>("--assembly") { Description = "A model assembly; others are passed over", HelpName = "DLL", Required = true };
        var output = new Option<string>("--out") { Description = $"The file to write, NAME{PtxFile.Extension}", HelpName = "FILE", Required = true };
        var formats = new Option<string[]>("--formats") { Description = "Of weights that will be computed with; all if left out", HelpName = string.Join('|', PtxFile.Formats), AllowMultipleArgumentsPerToken = true };
        formats.AcceptOnlyFromAmong([.. PtxFile.Formats]);
        var command = new Command("ptx", "Compiles the GPU kernels that model assemblies need, with their authors' activations, to a file that lies beside a program.") { assemblies, output, formats };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(output)!;
            if (!path.EndsWith(PtxFile.Extension, StringComparison.Ordinal))
            {
                throw new BackendException($"--out {path}: expected a name that ends in {PtxFile.Extension}, by which programs find it");
            }

            var activations = PtxFile.Write(path, parsed.GetValue(assemblies)!.Select(ModelAssembly.Read).OfType<System.Reflection.Assembly>(), parsed.GetValue(formats) ?? []);
            Console.Error.WriteLine(activations.Count == 0 ? "no blocks, so no kernels" : $"{path}: {string.Join(", ", activations)}");
            return Exit.Ok;
        });
        return command;
    }
}
