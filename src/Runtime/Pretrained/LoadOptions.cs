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

    /// <summary>Told how much is loaded; null for nobody.</summary>
    public IProgress<LoadProgress>? Progress { get; init; }

    /// <summary>What a reference implementation computed, in a file as <c>moesaic verify</c> reads it: a model that computes something else is not handed out. Null compares with nothing.</summary>
    /// <remarks>Two declarations may load the same tensors and compute two models; no name and no shape tells them apart.</remarks>
    public string? Reference { get; init; }

    /// <summary>How far from <see cref="Reference"/> a model may be: norm of the differences of all logits by the norm of the logits. In 16 bits about 0.05.</summary>
    public double ReferenceTolerance { get; init; } = 1e-3;
}
