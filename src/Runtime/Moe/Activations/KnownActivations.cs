using System.Collections.Concurrent;
using Moesaic.Kernels;
using Moesaic.Kernels.Cpu;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Activations by name, for the operator <c>moesaic::fused_experts</c>: ours, and all that experts were built with.</summary>
internal static class KnownActivations
{
    private static readonly ConcurrentDictionary<string, (object Activation, ActivationFunction Function)> ByName = new(StringComparer.Ordinal);

    static KnownActivations()
    {
        Function(default(SwiGlu));
        Function(default(GeGlu));
        Function(default(GeGluTanh));
        Function(default(SquaredRelu));
    }

    internal static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    internal static ActivationFunction? Find(string name) => ByName.TryGetValue(name, out var known) ? known.Function : null;

    /// <summary>The activation as a function on tensors, from now on known by its name, or by name#2 where another one has that.</summary>
    internal static ActivationFunction Function<TActivation>(TActivation activation)
        where TActivation : struct, IExpertActivation
    {
        for (var n = 1; ; n++)
        {
            var name = n == 1 ? activation.Name : $"{activation.Name}#{n}";
            var known = ByName.GetOrAdd(
                name, static (name, activation) => (activation, new(name, TActivation.IsGated, rows => Apply(activation, rows), ActivationRows.Of(activation)) { Device = DeviceActivation.Of(activation) }), activation);
            if (activation.Equals(known.Activation))
            {
                return known.Function;
            }
        }
    }

    private static Tensor Apply<TActivation>(TActivation activation, Tensor rows)
        where TActivation : struct, IExpertActivation
    {
        if (!TActivation.IsGated)
        {
            return activation.Apply(rows, rows);
        }

        var width = rows.size(1) / 2;
        using var gate = rows.narrow(1, 0, width);          // [R, F]
        using var up = rows.narrow(1, width, width);        // [R, F]
        return activation.Apply(gate, up);
    }
}
