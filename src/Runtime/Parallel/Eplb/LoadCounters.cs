using static TorchSharp.torch;

namespace Moesaic.Eplb;

/// <summary>Assignments to each slot of each layer since last read: one tensor, so that a step reads all of them at once.</summary>
internal sealed class LoadCounters : IDisposable
{
    private readonly Tensor _all; // [sum of P]

    /// <summary>Counts from now on.</summary>
    internal LoadCounters(IReadOnlyList<BalancedLayer> layers)
    {
        using var normal = inference_mode(false); // A tensor that is born in inference mode could not be written to outside of it.
        var device = layers.Count > 0 ? layers[0].Slots.Device : CPU;
        _all = zeros(layers.Sum(layer => layer.Map.NumSlots), dtype: int64, device: device).DetachFromDisposeScope();
        var start = 0L;
        foreach (var layer in layers)
        {
            layer.Slots.CountInto(_all.narrow(0, start, layer.Map.NumSlots).DetachFromDisposeScope());
            start += layer.Map.NumSlots;
        }
    }

    /// <summary>Layer after layer, P of each; and begins anew.</summary>
    internal long[] Take()
    {
        if (_all.numel() == 0)
        {
            return [];
        }

        using var host = _all.cpu();
        var load = host.data<long>().ToArray(); // On the CPU the tensor is the same: it is copied before it is cleared.
        _all.zero_().Dispose(); // What it returns is another handle of the tensor.
        return load;
    }

    /// <inheritdoc/>
    public void Dispose() => _all.Dispose();
}
