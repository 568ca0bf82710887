using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Attention that keeps one compressed vector a token for the keys and values of all heads. https://arxiv.org/abs/2405.04434, 2.1.</summary>
/// <remarks>
/// Keys and values are linear in that vector. Many new tokens read it expanded; few read it as it is, the expansion absorbed
/// into their queries and their result, so that a step of generation costs nothing for the heads of earlier tokens.
/// </remarks>
public sealed class MultiHeadLatentAttention : SequenceModule
{
    // B rows, T new tokens, S tokens so far, H heads; n, p, v and r as ILatentAttentionConfig says.
    private const double NormEps = 1e-6; // Of the two inner norms, whatever the model's is.

    private readonly int _layerIndex;
    private int _heads;
    private readonly int _nope;
    private readonly int _rope;
    private readonly int _value;
    private readonly int _rank;
    private readonly double _scale;
    private readonly long _expandFrom;
    private readonly RotaryEmbedding _rotary;

    /// <summary>The attention of one layer, without values.</summary>
    /// <param name="config">Its numbers.</param>
    /// <param name="layerIndex">Which layer, for the cache.</param>
    /// <param name="interleaved">Rotary pairs are neighbours and not halves apart.</param>
    public MultiHeadLatentAttention(ILatentAttentionConfig config, int layerIndex, bool interleaved = true)
    {
        _layerIndex = layerIndex;
        _heads = config.NumAttentionHeads;
        (_nope, _rope, _value, _rank) = (config.QkNopeHeadDim, config.QkRopeHeadDim, config.VHeadDim, config.KvLoraRank);
        _rotary = new(config.RopeParameters, _rope, interleaved);
        _scale = config.RopeParameters.ScoreFactor / Math.Sqrt(_nope + _rope);

        // Multiplications a head and key: expanded r (n + v) once and n + p + v a query, absorbed 2 r + p a query.
        var saved = (2L * _rank) - _nope - _value;
        _expandFrom = saved > 0 ? 1 + ((long)_rank * (_nope + _value) / saved) : long.MaxValue;

        if (config.QLoraRank is { } queryRank)
        {
            QAProj = new(config.HiddenSize, queryRank, config.AttentionBias);
            QALayernorm = new(queryRank, NormEps);
        }

        QProj = new(config.QLoraRank ?? config.HiddenSize, _heads * (_nope + _rope));
        KvAProjWithMqa = new(config.HiddenSize, _rank + _rope, config.AttentionBias);
        KvALayernorm = new(_rank, NormEps);
        KvBProj = new(_rank, _heads * (_nope + _value));
        OProj = new(_heads * _value, config.HiddenSize, config.AttentionBias);
        Register("q_a_proj", QAProj);
        Register("q_a_layernorm", QALayernorm);
        Register(QAProj is null ? "q_proj" : "q_b_proj", QProj);
        Register("kv_a_proj_with_mqa", KvAProjWithMqa);
        Register("kv_a_layernorm", KvALayernorm);
        Register("kv_b_proj", KvBProj);
        Register("o_proj", OProj);
    }

    /// <summary>Compresses queries; null where they are projected at once.</summary>
    public Linear? QAProj { get; }

    /// <summary>Norm of compressed queries.</summary>
    public RmsNorm? QALayernorm { get; }

    /// <summary>[H · (n + p), D], or of compressed queries: <c>q_b_proj</c>.</summary>
    public Linear QProj { get; }

    /// <summary>Compresses keys and values, and makes the one key that positions turn: [r + p, D].</summary>
    public Linear KvAProjWithMqa { get; }

    /// <summary>Norm of compressed keys and values.</summary>
    public RmsNorm KvALayernorm { get; }

    /// <summary>Expands them, for each head a key's n rows and a value's v: [H · (n + v), r].</summary>
    public Linear KvBProj { get; }

    /// <summary>[D, H · v].</summary>
    public Linear OProj { get; }

    /// <summary>Cuts heads; what compresses is whole on every rank.</summary>
    internal override void Parallelize(ParallelContext context, string path)
    {
        var (first, heads) = context.Share(_heads, path, "heads");
        if (context.Layout.Tensor > 1)
        {
            _heads = (int)heads;
            QProj.CutOutputs(new(Dimension: 0, Start: first * (_nope + _rope), Length: heads * (_nope + _rope)));
            KvBProj.CutOutputs(new(Dimension: 0, Start: first * (_nope + _value), Length: heads * (_nope + _value)));
            OProj.CutInputs(context, first * _value, heads * _value);
        }
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var query = Query(x).view(x.shape[0], x.shape[1], _heads, _nope + _rope).transpose(1, 2); // [B, H, T, n + p]
        var queryNope = query.narrow(-1, 0, _nope);
        var queryRope = _rotary.Apply(query.narrow(-1, _nope, _rope), context);
        var compressed = KvAProjWithMqa.forward(x).unsqueeze(1);                      // [B, 1, T, r + p]
        var latent = KvALayernorm.forward(compressed.narrow(-1, 0, _rank));           // [B, 1, T, r]
        var keyRope = _rotary.Apply(compressed.narrow(-1, _rank, _rope), context);    // [B, 1, T, p]
        if (context.Cache is { } cache)
        {
            (latent, keyRope) = cache.State<KeyValueCache>(_layerIndex).Append(latent, keyRope); // [B, 1, S, r], [B, 1, S, p]
        }

        var attended = context.Length < _expandFrom
            ? Absorbed(queryNope, queryRope, latent, keyRope, context.Mask())
            : Expanded(queryNope, queryRope, latent, keyRope, context.Mask());        // [B, H, T, v]
        return OProj.forward(attended.transpose(1, 2).flatten(2)).MoveToOuterDisposeScope();
    }

    private Tensor Query(Tensor x) => QAProj is null ? QProj.forward(x) : QProj.forward(QALayernorm!.forward(QAProj.forward(x)));

    private Tensor Expanded(Tensor queryNope, Tensor queryRope, Tensor latent, Tensor keyRope, Tensor? mask)
    {
        var (batch, length) = (latent.shape[0], latent.shape[2]);
        var expanded = KvBProj.forward(latent).view(batch, length, _heads, _nope + _value).transpose(1, 2); // [B, H, S, n + v]
        var key = cat([expanded.narrow(-1, 0, _nope), keyRope.expand(batch, _heads, length, _rope)], -1);   // [B, H, S, n + p]
        return ScaledDotProduct.Attend(cat([queryNope, queryRope], -1), key, expanded.narrow(-1, _nope, _value), _scale, mask);
    }

    private Tensor Absorbed(Tensor queryNope, Tensor queryRope, Tensor latent, Tensor keyRope, Tensor? mask)
    {
        var (batch, rows, length) = (latent.shape[0], queryNope.shape[2], latent.shape[2]);
        var expand = KvBProj.Weight.view(_heads, _nope + _value, _rank);
        var absorbed = queryNope.matmul(expand.narrow(1, 0, _nope));                             // [B, H, T, r]

        // All heads see the same key, so that they are rows of one.
        var query = cat([absorbed, queryRope], -1).reshape(batch, 1, _heads * rows, _rank + _rope);
        var seen = mask?.expand(batch, _heads, rows, length).reshape(batch, 1, _heads * rows, length);
        var result = ScaledDotProduct.Attend(query, cat([latent, keyRope], -1), latent, _scale, seen); // [B, 1, H · T, r]
        return result.view(batch, _heads, rows, _rank).matmul(expand.narrow(1, _nope, _value).transpose(1, 2));
    }
}
