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
        var state = context.Cache?.State<ConvolutionState>(_layerIndex);
        var before = state?.Value ?? zeros([x.shape[0], _channels, _kernelSize - 1], dtype: x.dtype, device: x.device);
        var window = cat([before, context.WithoutPadding(x).transpose(1, 2)], -1); // [B, C, L - 1 + T]
        state?.Keep(window.narrow(-1, x.shape[1], _kernelSize - 1));
        return nn.functional.conv1d(window, Weight, Bias, groups: _channels).transpose(1, 2).MoveToOuterDisposeScope();
    }
}
