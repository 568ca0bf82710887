using static TorchSharp.torch;

namespace Moesaic.Cli.Benchmarks;

/// <summary>This rank's part of a layer of routed experts. Each expert's weights follow from its number, so that any rank can make any of them.</summary>
internal sealed class RankLayer : IDisposable
{
    private readonly FusedExperts<SwiGlu> _experts;
    private readonly double _skew;
    private int _draws;

    /// <param name="skew">Of how often experts are chosen: that of number i in proportion to (i + 1)^−skew; 0 for evenly.</param>
    internal RankLayer(LayerShape shape, ScalarType dtype, ParallelContext context, double skew)
    {
        (Shape, Dtype, Context, _skew) = (shape, dtype, context, skew);
        _experts = new(shape.NumExperts, shape.HiddenSize, shape.IntermediateSize);
        _experts.Parallelize(context, "experts");
        foreach (var parameter in _experts.Parameters)
        {
            using var scope = NewDisposeScope();
            var local = empty(parameter.Value.shape, dtype: dtype, device: Device);
            for (var slot = 0; slot < local.size(0); slot++)
            {
                var whole = Weights(parameter.Cut?.Experts?[slot] ?? slot, isW2: parameter.Name == "w2");
                local[slot].copy_(parameter.Cut is { Dimension: > 0 } cut ? cut.Stretch(whole, cut.Dimension - 1) : whole);
            }

            _experts.Replace(parameter, local.DetachFromDisposeScope());
        }

        _experts.NoteDevice(Device);
    }

    internal LayerShape Shape { get; }

    internal ScalarType Dtype { get; }

    internal ParallelContext Context { get; }

    internal Device Device => Context.World.Device;

    internal FusedExperts Experts => _experts;

    /// <summary>Tokens that other ranks with the same tokens draw too.</summary>
    internal RoutedTokens Draw(int tokens)
    {
        random.manual_seed((1 + ++_draws) * 4096L + Context.DataRank);
        return RoutedTokens.Draw(Shape, tokens, Dtype, Device, _skew);
    }

    /// <summary>What the tokens become, by all experts of the layer on this rank alone.</summary>
    internal Tensor Reference(RoutedTokens tokens) =>
        ReferenceExperts.Run(tokens, Shape, Dtype == float32 ? float64 : float32, expert => (Weights(expert, isW2: false), Weights(expert, isW2: true)));

    public void Dispose() => _experts.Dispose();

    /// <summary>[2F, D], or [D, F] where <paramref name="isW2"/>.</summary>
    private Tensor Weights(int expert, bool isW2)
    {
        random.manual_seed((2L * expert) + (isW2 ? 1 : 0));
        var (rows, columns) = isW2 ? (Shape.HiddenSize, Shape.IntermediateSize) : (2 * Shape.IntermediateSize, Shape.HiddenSize);
        return empty([rows, columns], dtype: Dtype, device: Device).normal_(0, 1 / Math.Sqrt(columns)); // Results are then about as large as the tokens.
    }
}
