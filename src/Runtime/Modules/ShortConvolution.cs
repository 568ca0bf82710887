using static TorchSharp.torch;

namespace Moesaic;

/// <summary>out(c · conv(b · x)), with b, c and x projected from the input: a convolution over a few tokens, gated on both sides.</summary>
/// <remarks>What LFM2 has in place of attention in most layers. https://www.liquid.ai/blog/liquid-foundation-models-v2.</remarks>
public sealed class ShortConvolution(int hiddenSize, int kernelSize, int layerIndex, bool bias = false) : SequenceModule
{
    /// <summary>b, c and x: [3D, D].</summary>
    public Linear InProj { get; } = new(hiddenSize, 3 * hiddenSize, bias);

    /// <summary>[D, 1, L].</summary>
    public CausalConvolution Conv { get; } = new(hiddenSize, kernelSize, layerIndex, bias);

    /// <summary>[D, D].</summary>
    public Linear OutProj { get; } = new(hiddenSize, hiddenSize, bias);

    internal override void Parallelize(ParallelContext context, string path) => context.NoteWhole(path);

    /// <inheritdoc/>
    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var parts = InProj.forward(x).chunk(3, -1); // [B, T, D] each
        var seen = Conv.forward(parts[0] * parts[2], context);
        return OutProj.forward(parts[1] * seen).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void RegisterChildren()
    {
        Register("in_proj", InProj);
        Register("conv", Conv);
        Register("out_proj", OutProj);
    }
}
