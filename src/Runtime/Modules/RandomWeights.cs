using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Gives a model without a checkpoint random parameters: for training from nothing, tests and benchmarks.</summary>
public static class RandomWeights
{
    /// <summary>Fills every parameter below <paramref name="module"/>: matrices from a normal distribution, vectors around one.</summary>
    /// <param name="seed">The same seed gives the same numbers, whatever else the process draws.</param>
    /// <param name="dtype">The parameters' dtype; those that keep one of their own have that.</param>
    /// <param name="device">Where they are made; null for the CPU. Elsewhere it is the process's own draws that the seed begins anew.</param>
    /// <param name="deviation">Standard deviation.</param>
    public static void Fill(ExplicitModule module, int seed, ScalarType dtype, Device? device = null, double deviation = 0.02)
    {
        device ??= CPU;
        if (device.type == TorchSharp.DeviceType.CPU)
        {
            using var generator = new Generator((ulong)seed, device);
            Fill(module, generator, dtype, device, deviation);
            return;
        }

        random.manual_seed(seed); // TorchSharp's generators are the CPU's alone.
        Fill(module, null, dtype, device, deviation);
        module.NoteDevice(device);
    }

    private static void Fill(ExplicitModule module, Generator? generator, ScalarType dtype, Device device, double deviation)
    {
        foreach (var parameter in module.Parameters)
        {
            using var scope = NewDisposeScope();
            var shape = parameter.Value.shape;
            var values = randn(shape, dtype: float32, device: device, generator: generator) * deviation;
            if (shape.Length == 1)
            {
                values += 1; // Most vectors are the weights of norms.
            }

            module.Replace(parameter, values.to(parameter.KeptDtype ?? dtype).DetachFromDisposeScope());
        }

        foreach (var child in module.Children)
        {
            Fill(child.Module, generator, dtype, device, deviation);
        }
    }
}
