using Moesaic.Checkpoints;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>How a checkpoint becomes a model.</summary>
public sealed record LoadOptions
{
    /// <summary>The checkpoint's dtypes, on the CPU.</summary>
    /// <exception cref="LibtorchException">libtorch cannot be loaded; naming a device would need it.</exception>
    public LoadOptions()
    {
        Libtorch.Load();
        Device = CPU;
    }

    /// <summary>The dtype of the parameters; null keeps the one each tensor is stored in, and on the CPU leaves quantized routed experts quantized.</summary>
    public ScalarType? Dtype { get; init; }

    /// <summary>Where the parameters go.</summary>
    public Device Device { get; init; }

    /// <summary>What runs the experts.</summary>
    public ExpertsBackend Experts { get; init; } = ExpertsBackend.Auto;

    /// <summary>This rank's place among those that run the model together; null for one that runs it alone.</summary>
    public ParallelContext? Parallel { get; init; }

    /// <summary>Told how much is loaded; null for nobody.</summary>
    public IProgress<LoadProgress>? Progress { get; init; }
}
