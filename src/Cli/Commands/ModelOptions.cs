using System.CommandLine;
using Moesaic.Kernels;
using Moesaic.Models;
using static TorchSharp.torch;

namespace Moesaic.Cli.Commands;

/// <summary>The options of every command that loads a model.</summary>
internal sealed class ModelOptions
{
    private readonly string _defaultDtype;

    /// <summary>Adds the options to a command.</summary>
    internal ModelOptions(Command command, string defaultDtype)
    {
        _defaultDtype = defaultDtype;
        Dtype = new("--dtype") { Description = $"float32, bfloat16, float16, or auto: as the checkpoint stores it, quantized experts too [default: {defaultDtype}]", HelpName = "TYPE" };
        Dtype.AcceptOnlyFromAmong("auto", "float32", "bfloat16", "float16");
        Device.AcceptOnlyFromAmong("cpu", "cuda");
        Experts.AcceptOnlyFromAmong("auto", "eager", "grouped", "fused");
        command.Add(Model);
        command.Add(Device);
        command.Add(Dtype);
        command.Add(Experts);
        command.Add(Assembly);
    }

    private Option<string> Model { get; } = new("--model") { Description = "Folder of the checkpoint [default: the sample model]", HelpName = "DIR" };

    private Option<string> Device { get; } = new("--device") { Description = "cpu or cuda [default: cpu]", HelpName = "DEVICE" };

    private Option<string> Dtype { get; }

    private Option<string> Experts { get; } = new("--experts") { Description = "auto, eager, grouped or fused [default: auto]", HelpName = "BACKEND" };

    private Option<string> Assembly { get; } = AssemblyOption();

    /// <summary>The option that names an assembly.</summary>
    internal static Option<string> AssemblyOption() =>
        new("--assembly") { Description = "A model assembly that declares the architecture", HelpName = "DLL" };

    /// <summary>Makes architectures known: ours, and those of an assembly if one is named.</summary>
    internal static void Know(string? assembly)
    {
        ModelRegistry.AddFrom(typeof(ModelsAssembly).Assembly);
        if (assembly is not null)
        {
            ModelAssembly.Load(assembly);
        }
    }

    /// <summary>The folder asked for, or the sample's.</summary>
    internal string Directory(ParseResult parsed) =>
        parsed.GetValue(Model) ?? Path.Combine(AppContext.BaseDirectory, "models", "tiny-mixtral-kjv");

    /// <summary>Whether a GPU is asked for.</summary>
    internal bool OnGpu(ParseResult parsed) => parsed.GetValue(Device) == "cuda";

    /// <summary>What is to run the experts.</summary>
    internal ExpertsBackend Backend(ParseResult parsed) => parsed.GetValue(Experts) switch
    {
        "eager" => ExpertsBackend.Eager,
        "grouped" => ExpertsBackend.Grouped,
        "fused" => ExpertsBackend.Fused,
        _ => ExpertsBackend.Auto,
    };

    /// <summary>What to load and how.</summary>
    internal LoadOptions Load(ParseResult parsed, IProgress<Checkpoints.LoadProgress>? progress = null)
    {
        Libtorch.Load(); // Where it is missing, that is the first thing to say.
        Know(parsed.GetValue(Assembly));
        if (parsed.GetValue(Device) == "cuda")
        {
            RuntimeCompilation.Enable(); // For activations of an assembly that brings no PTX.
        }

        return new()
        {
            Device = OnGpu(parsed) ? Libtorch.Cuda() : CPU,
            Dtype = (parsed.GetValue(Dtype) ?? _defaultDtype) switch
            {
                "float32" => float32,
                "bfloat16" => bfloat16,
                "float16" => float16,
                _ => null,
            },
            Experts = Backend(parsed),
            Progress = progress,
        };
    }
}
