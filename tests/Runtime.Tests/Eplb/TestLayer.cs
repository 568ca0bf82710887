using Moesaic.Communication;
using Moesaic.Eplb;
using static TorchSharp.torch;

namespace Moesaic.Tests.Eplb;

/// <summary>A layer whose experts are told apart by their numbers: two tensors a slot, of two dtypes.</summary>
internal sealed class TestLayer : IDisposable
{
    private readonly Tensor[] _weights;
    private readonly int _index;

    internal TestLayer(int index, int experts, int slots, ICommunicator ranks)
    {
        _index = index;
        Slots = new(SlotMap.Initial(experts, slots - experts), CPU);
        var local = slots / ranks.Size;
        var own = Slots.Map.PhysicalToLogical.Slice(ranks.Rank * local, local).ToArray();
        _weights = [stack(own.Select(expert => Expert(expert, float32))), stack(own.Select(expert => Expert(expert, uint8)))];
        Layer = new(Slots, 1, () => _weights);
    }

    internal LayerSlots Slots { get; }

    internal BalancedLayer Layer { get; }

    internal void Check(int rank)
    {
        var local = (int)_weights[0].shape[0];
        for (var slot = 0; slot < local; slot++)
        {
            if (Slots.Map.PhysicalToLogical[(rank * local) + slot] is not SlotMap.Empty and var expert)
            {
                Assert.All(_weights, tensor =>
                {
                    using var expected = Expert(expert, tensor.dtype);
                    using var found = tensor[slot];
                    Assert.True(expected.equal(found).all().item<bool>(), $"layer {_index}, rank {rank}, slot {slot}: not expert {expert}");
                });
            }
        }
    }

    public void Dispose()
    {
        Slots.Dispose();
        foreach (var tensor in _weights)
        {
            tensor.Dispose();
        }
    }

    private Tensor Expert(int expert, ScalarType dtype)
    {
        using var values = arange(6, dtype: float32) + ((expert * 7) + (_index * 31));
        return values.view(2, 3).to(dtype);
    }
}
