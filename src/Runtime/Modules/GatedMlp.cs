using static TorchSharp.torch;

namespace Moesaic;

/// <summary>down(silu(gate(x)) · up(x)): the dense MLP of a decoder layer, and the shape of a shared expert. https://arxiv.org/abs/2002.05202.</summary>
public sealed class GatedMlp(int hiddenSize, int intermediateSize, bool bias = false) : ExplicitModule
{
    /// <summary>[F, D].</summary>
    public Linear GateProj { get; } = new(hiddenSize, intermediateSize, bias);

    /// <summary>[F, D].</summary>
    public Linear UpProj { get; } = new(hiddenSize, intermediateSize, bias);

    /// <summary>[D, F].</summary>
    public Linear DownProj { get; } = new(intermediateSize, hiddenSize, bias);

    /// <summary>[…, D] to […, D].</summary>
    public override Tensor forward(Tensor x)
    {
        using var gate = GateProj.forward(x);
        using var activated = nn.functional.silu(gate);
        using var up = UpProj.forward(x);
        using var hidden = activated * up; // […, F]
        return DownProj.forward(hidden);
    }

    /// <inheritdoc/>
    protected override void RegisterChildren()
    {
        Register("gate_proj", GateProj);
        Register("up_proj", UpProj);
        Register("down_proj", DownProj);
    }
}
