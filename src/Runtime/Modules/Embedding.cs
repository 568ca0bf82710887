using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Rows of a table by id. Weight [V, D].</summary>
public sealed class Embedding : ExplicitModule
{
    /// <summary>An embedding without values.</summary>
    public Embedding(int count, int width)
    {
        Weight = NewParameter(count, width);
        Register("weight", Weight, value => Weight = value);
    }

    /// <summary>[V, D].</summary>
    public Parameter Weight { get; private set; }

    /// <summary>Ids […] int64 to rows […, D].</summary>
    /// <exception cref="GenerationException">An id is outside the table. Checked on the CPU only, where looking costs nothing.</exception>
    public override Tensor forward(Tensor ids)
    {
        Check(ids);
        using var flat = ids.reshape(-1);
        using var rows = Weight.index_select(0, flat);
        return rows.reshape([.. ids.shape, Weight.shape[1]]);
    }

    private void Check(Tensor ids)
    {
        if (ids.device_type != DeviceType.CPU || ids.numel() == 0)
        {
            return;
        }

        using var smallest = ids.min();
        using var largest = ids.max();
        var outside = smallest.item<long>() < 0 ? smallest.item<long>() : largest.item<long>();
        if (outside < 0 || outside >= Weight.shape[0])
        {
            throw new GenerationException($"token id {outside} is outside the vocabulary: expected 0 to {Weight.shape[0] - 1}");
        }
    }
}
