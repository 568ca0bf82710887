using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>y[t] = Σ weight[l] · x[t - L + 1 + l] + bias, each channel by itself: a depthwise convolution that sees no later token.</summary>
/// <remarks>Tokens before the first, and padding, count as zeros.</remarks>
public sealed class CausalConvolution : SequenceModule
{
    private readonly int _channels;
    private readonly int _kernelSize;
    private readonly int _layerIndex;

    /// <summary>A convolution without values.</summary>
    /// <param name="channels">C.</param>
    /// <param name="kernelSize">How many tokens each output sees, L.</param>
    /// <param name="layerIndex">Which layer, for the cache. A layer has one convolution.</param>
    /// <param name="bias">A number is added to each channel.</param>
    public CausalConvolution(int channels, int kernelSize, int layerIndex, bool bias = false)
    {
        (_channels, _kernelSize, _layerIndex) = (channels, kernelSize, layerIndex);
        Weight = NewParameter(channels, 1, kernelSize);
        Bias = bias ? NewParameter(channels) : null;
        Register("weight", Weight, value => Weight = value);
        Register("bias", Bias, value => Bias = value);
    }

    /// <summary>[C, 1, L].</summary>
    public Parameter Weight { get; private set; }

    /// <summary>[C], or null.</summary>
    public Parameter? Bias { get; private set; }

    /// <summary>[B, T, C] to [B, T, C].</summary>
    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var (length, before) = (x.shape[1], _kernelSize - 1);
        var state = context.Cache?.State<ConvolutionState>(_layerIndex);
        var past = state?.Value ?? zeros([x.shape[0], before, _channels], dtype: x.dtype, device: x.device);
        var window = cat([past, context.WithoutPadding(x)], 1); // [B, L - 1 + T, C]
        state?.Keep(window.narrow(1, length, before));

        // Tap by tap: of one token that is a quarter of what libtorch's convolution costs, of many the same.
        var wide = window.to(float32);
        var taps = Weight.to(float32).squeeze(1); // [C, L]
        var sum = wide.narrow(1, 0, length) * taps.select(1, 0);
        for (var tap = 1; tap < _kernelSize; tap++)
        {
            sum.addcmul_(wide.narrow(1, tap, length), taps.select(1, tap), 1);
        }

        return (Bias is null ? sum : sum.add_(Bias)).to(x.dtype).MoveToOuterDisposeScope();
    }
}
