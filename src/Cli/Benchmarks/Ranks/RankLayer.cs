using static TorchSharp.torch;

namespace Moesaic.Cli.Benchmarks;

/// <summary>This rank's part of a layer of routed experts. Each expert's weights follow from its number, so that any rank can make any of them.</summary>
/// <remarks>Numbers are drawn on the CPU, whose seed is the same everywhere, and experts are one matrix, rolled: each is another.</remarks>
internal sealed class RankLayer : IDisposable
{
    private readonly FusedExperts<SwiGlu> _experts;
    private readonly Tensor _w13; // [2F, D]
    private readonly Tensor _w2; // [D, F]
    private readonly double _skew;
    private int _draws;

    /// <param name="skew">Of how often experts are chosen: that of number i in proportion to (i + 1)^−skew; 0 for evenly.</param>
    internal RankLayer(LayerShape shape, ScalarType dtype, ParallelContext context, double skew)
    {
        (Shape, Dtype, Context, _skew) = (shape, dtype, context, skew);
        random.manual_seed(1);
        _w13 = Matrix(2 * shape.IntermediateSize, shape.HiddenSize);
        _w2 = Matrix(shape.HiddenSize, shape.IntermediateSize);
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
        using var scope = NewDisposeScope();
        using var drawn = RoutedTokens.Draw(Shape, tokens, Dtype, CPU, _skew);
        return drawn with
        {
            HiddenStates = drawn.HiddenStates.to(Device, copy: true).MoveToOuterDisposeScope(),
            TopKIds = drawn.TopKIds.to(Device, copy: true).MoveToOuterDisposeScope(),
            TopKWeights = drawn.TopKWeights.to(Device, copy: true).MoveToOuterDisposeScope(),
        };
    }

    /// <summary>What the tokens become, by all experts of the layer on this rank alone.</summary>
    internal Tensor Reference(RoutedTokens tokens) =>
        ReferenceExperts.Run(tokens, Shape, Dtype == float32 ? float64 : float32, expert => (Weights(expert, isW2: false), Weights(expert, isW2: true)));

    public void Dispose()
    {
        _experts.Dispose();
        _w13.Dispose();
        _w2.Dispose();
    }

    /// <summary>[2F, D], or [D, F] where <paramref name="isW2"/>.</summary>
    private Tensor Weights(int expert, bool isW2)
    {
        var matrix = isW2 ? _w2 : _w13;
        return matrix.roll([(expert * 37L) % matrix.size(0), (expert * 101L) % matrix.size(1)], [0, 1]);
    }

    private Tensor Matrix(int rows, int columns)
    {
        using var numbers = randn([rows, columns], dtype: float32) / Math.Sqrt(columns); // Results are then about as large as the tokens.
        return numbers.to(Dtype).to(Device, copy: true);
    }
}
