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
    public override Tensor forward(Tensor ids)
    {
        using var flat = ids.reshape(-1);
        using var rows = Weight.index_select(0, flat);
        return rows.reshape([.. ids.shape, Weight.shape[1]]);
    }

    /// <summary>Registered by the constructor.</summary>
    protected override void RegisterChildren()
    {
    }
}
