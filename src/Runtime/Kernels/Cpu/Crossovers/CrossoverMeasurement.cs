using System.Diagnostics;
using static TorchSharp.torch;

namespace Moesaic.Kernels.Cpu;

/// <summary>Runs a small layer both ways with more and more rows of each expert, until libtorch is the faster one.</summary>
internal static class CrossoverMeasurement
{
    private const int NumExperts = 16;
    private const int Repeats = 4;
    private static readonly int[] Rows = [4, 6, 8, 12, 16, 24, 32, 48, 64];

    /// <summary>The first number of rows with which libtorch is faster, or <see cref="Crossover.Never"/>.</summary>
    /// <remarks>The sizes are those of a small model's experts, 100 MB of them in bfloat16: beyond most caches.</remarks>
    internal static int Run(ScalarType dtype, int hiddenSize = 2048, int intermediateSize = 512)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var experts = new ExpertTensors(
            Weights(2 * intermediateSize, hiddenSize, dtype), Weights(hiddenSize, intermediateSize, dtype), null, null, KnownActivations.Function(default(SwiGlu)));
        var (streamed, multiplied) = (new FusedCpuExperts(static _ => Crossover.Never), new FusedCpuExperts(static _ => 1));
        var candidate = Crossover.Never;
        foreach (var rows in Rows)
        {
            if (!IsFaster(streamed, multiplied, experts, rows))
            {
                candidate = Crossover.Never;
            }
            else if (candidate != Crossover.Never)
            {
                return candidate; // Faster with two numbers in a row: not by chance.
            }
            else
            {
                candidate = rows;
            }
        }

        return candidate;
    }

    /// <summary>Whether libtorch is, with that many rows of each expert.</summary>
    private static bool IsFaster(FusedCpuExperts streamed, FusedCpuExperts multiplied, ExpertTensors experts, int rows)
    {
        using var scope = NewDisposeScope();
        var tokens = rows * NumExperts;
        var ids = arange(tokens, dtype: int32).remainder(NumExperts).unsqueeze(1).to(int32);
        var call = new ExpertsCall(ones([tokens, experts.W13.size(2)], dtype: experts.W13.dtype), ids, ones([tokens, 1]), experts);
        var (own, libtorch) = (double.MaxValue, double.MaxValue);
        for (var i = 0; i <= Repeats; i++) // They alternate: what else the machine does hits both. The first is not counted.
        {
            var (first, second) = (Seconds(streamed, call), Seconds(multiplied, call));
            (own, libtorch) = i == 0 ? (own, libtorch) : (Math.Min(own, first), Math.Min(libtorch, second));
        }

        return libtorch < own;
    }

    private static Tensor Weights(int rows, int columns, ScalarType dtype) => full([NumExperts, rows, columns], 0.01, dtype: dtype);

    private static double Seconds(FusedCpuExperts kernel, in ExpertsCall call)
    {
        var start = Stopwatch.GetTimestamp();
        kernel.Run(call).Dispose();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
