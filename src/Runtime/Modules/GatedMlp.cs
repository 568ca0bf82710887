using static TorchSharp.torch;

namespace Moesaic;

/// <summary>down(silu(gate(x)) · up(x)): the dense MLP of a decoder layer, and the shape of a shared expert. https://arxiv.org/abs/2002.05202.</summary>
/// <param name="gate">The gate projection's name in checkpoints.</param>
/// <param name="up">The up projection's.</param>
/// <param name="down">The down projection's.</param>
public sealed class GatedMlp(
    int hiddenSize, int intermediateSize, bool bias = false, string gate = "gate_proj", string up = "up_proj", string down = "down_proj") : ExplicitModule
{
    private ParallelContext? _context;

    /// <summary>[F, D].</summary>
    public Linear GateProj { get; } = new(hiddenSize, intermediateSize, bias);

    /// <summary>[F, D].</summary>
    public Linear UpProj { get; } = new(hiddenSize, intermediateSize, bias);

    /// <summary>[D, F].</summary>
    public Linear DownProj { get; } = new(intermediateSize, hiddenSize, bias);

    /// <summary>[…, D] to […, D].</summary>
    public override Tensor forward(Tensor x)
    {
        using var hidden = Hidden(x); // […, F]
        return DownProj.forward(hidden);
    }

    /// <summary>This rank's share of the same, for a block that adds it to that of its routed experts and reduces both at once.</summary>
    public Partial ForwardPartial(Tensor x)
    {
        if (_context is null)
        {
            return new(forward(x), null);
        }

        if (!_context.AddsReplicated)
        {
            return new(null, _context.Reduction);
        }

        using var hidden = Hidden(x);
        return new(DownProj.Share(hidden), _context.Reduction);
    }

    internal override void Parallelize(ParallelContext context, string path)
    {
        var (start, length) = context.Share(GateProj.Weight.shape[0], path, "intermediate size");
        _context = context;
        if (context.Layout.Tensor > 1)
        {
            GateProj.CutOutputs(new(Dimension: 0, Start: start, Length: length));
            UpProj.CutOutputs(new(Dimension: 0, Start: start, Length: length));
            DownProj.CutInputs(context, start, length);
        }
    }

    /// <inheritdoc/>
    protected override void RegisterChildren()
    {
        Register("gate_proj", GateProj, gate);
        Register("up_proj", UpProj, up);
        Register("down_proj", DownProj, down);
    }

    private Tensor Hidden(Tensor x)
    {
        using var gated = GateProj.forward(x);
        using var activated = nn.functional.silu(gated);
        using var upper = UpProj.forward(x);
        return activated * upper;
    }
}
