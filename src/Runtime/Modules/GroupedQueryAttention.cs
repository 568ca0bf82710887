using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Attention whose key and value heads each serve several query heads, with an optional sliding window. https://arxiv.org/abs/2305.13245.</summary>
public sealed class GroupedQueryAttention : SequenceModule
{
    private readonly int _layerIndex;
    private readonly int _headDim;
    private readonly int? _slidingWindow;
    private readonly RotaryEmbedding _rotary;

    /// <summary>The attention of one layer, without values.</summary>
    /// <param name="config">Its numbers.</param>
    /// <param name="layerIndex">Which layer, for the cache.</param>
    /// <param name="bias">Query, key and value projections have a bias.</param>
    /// <param name="outputBias">The output projection has a bias.</param>
    public GroupedQueryAttention(IAttentionConfig config, int layerIndex, bool bias = false, bool outputBias = false)
    {
        _layerIndex = layerIndex;
        _headDim = config.HeadDim ?? config.HiddenSize / config.NumAttentionHeads;
        _slidingWindow = config.SlidingWindow;
        _rotary = new(config.RopeParameters, _headDim);
        QProj = new(config.HiddenSize, config.NumAttentionHeads * _headDim, bias);
        KProj = new(config.HiddenSize, config.NumKeyValueHeads * _headDim, bias);
        VProj = new(config.HiddenSize, config.NumKeyValueHeads * _headDim, bias);
        OProj = new(config.NumAttentionHeads * _headDim, config.HiddenSize, outputBias);
        Register("q_proj", QProj);
        Register("k_proj", KProj);
        Register("v_proj", VProj);
        Register("o_proj", OProj);
    }

    /// <summary>[H · d, D].</summary>
    public Linear QProj { get; }

    /// <summary>[G · d, D].</summary>
    public Linear KProj { get; }

    /// <summary>[G · d, D].</summary>
    public Linear VProj { get; }

    /// <summary>[D, H · d].</summary>
    public Linear OProj { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var query = _rotary.Apply(Heads(QProj.forward(x)), context); // [B, H, T, d]
        var key = _rotary.Apply(Heads(KProj.forward(x)), context); // [B, G, T, d]
        var value = Heads(VProj.forward(x)); // [B, G, T, d]
        if (context.Cache is { } cache)
        {
            (key, value) = cache.State<KeyValueCache>(_layerIndex).Append(key, value); // [B, G, S, d]
        }

        var attended = ScaledDotProduct.Attend(query, key, value, 1 / Math.Sqrt(_headDim), context.Mask(_slidingWindow)); // [B, H, T, d]
        return OProj.forward(attended.transpose(1, 2).flatten(2)).MoveToOuterDisposeScope();
    }

    /// <summary>[B, T, n · d] to [B, n, T, d].</summary>
    private Tensor Heads(Tensor x) => x.view(x.shape[0], x.shape[1], -1, _headDim).transpose(1, 2);
}
