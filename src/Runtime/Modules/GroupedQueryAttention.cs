using Moesaic.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Attention whose key and value heads each serve several query heads. https://arxiv.org/abs/2305.13245.</summary>
/// <remarks>
/// A model whose attention has a quirk derives from it, adds what it needs as properties, and overrides the stage that differs:
/// project, position, attend, output.
/// </remarks>
public class GroupedQueryAttention : SequenceModule
{
    private readonly int _layerIndex;
    private readonly RotaryEmbedding _rotary;
    private readonly bool _gated;
    private readonly int _queryHeads;
    private readonly int _keyHeads;
    private int _firstHead;

    /// <summary>The attention of one layer, without values.</summary>
    /// <param name="config">Its numbers.</param>
    /// <param name="layerIndex">Which layer, for the cache.</param>
    /// <param name="bias">Query, key and value projections have a bias.</param>
    /// <param name="outputBias">The output projection has a bias.</param>
    /// <param name="outputName">The output projection's name in checkpoints.</param>
    /// <param name="interleaved">Rotary pairs are neighbours and not halves apart.</param>
    /// <param name="gated">The query projection gives each head a gate behind its query; what the head saw counts by the gate's sigmoid.</param>
    public GroupedQueryAttention(
        IAttentionConfig config,
        int layerIndex,
        bool bias = false,
        bool outputBias = false,
        string outputName = "o_proj",
        bool interleaved = false,
        bool gated = false)
    {
        _gated = gated;
        (_queryHeads, _keyHeads) = (config.NumAttentionHeads, config.NumKeyValueHeads);
        _layerIndex = layerIndex;
        HeadDim = config.HeadDim ?? config.HiddenSize / config.NumAttentionHeads;
        SlidingWindow = config.SlidingWindowAt(layerIndex);
        _rotary = new(config.RopeParameters, HeadDim, interleaved);
        var valueDim = config.ValueHeadDim ?? HeadDim;
        QProj = new(config.HiddenSize, config.NumAttentionHeads * HeadDim * (gated ? 2 : 1), bias);
        KProj = new(config.HiddenSize, config.NumKeyValueHeads * HeadDim, bias);
        VProj = new(config.HiddenSize, config.NumKeyValueHeads * valueDim, bias);
        OProj = new(config.NumAttentionHeads * valueDim, config.HiddenSize, outputBias);
        Register("q_proj", QProj);
        Register("k_proj", KProj);
        Register("v_proj", VProj);
        Register(outputName, OProj);
    }

    /// <summary>[H · d, D]; [H · 2d, D] with gates. Tensor ranks have a part of the heads.</summary>
    public Linear QProj { get; }

    /// <summary>[G · d, D].</summary>
    public Linear KProj { get; }

    /// <summary>[G · v, D].</summary>
    public Linear VProj { get; }

    /// <summary>[D, H · v].</summary>
    public Linear OProj { get; }

    /// <summary>Width of a query or key head, d.</summary>
    protected int HeadDim { get; }

    /// <summary>How many positions back a token sees, itself included; null for all.</summary>
    protected int? SlidingWindow { get; }

    /// <summary>
    /// What a derived class does to a head depends on that head alone, and its own parameters are a head's or one number per query head: tensor
    /// ranks may share the heads. A class that does not say so stays whole on every rank, and is right.
    /// </summary>
    protected virtual bool HeadsAreIndependent => GetType() == typeof(GroupedQueryAttention);

    /// <summary>Factor on the scores.</summary>
    protected virtual double Scale => 1 / Math.Sqrt(HeadDim);

    /// <summary>A logit per query head that takes part in the softmax and carries no value, [H]; null for none.</summary>
    protected virtual Parameter? Sinks => null;

    /// <summary>Scores are bent to ±this: cap · tanh(score / cap); null for as they are.</summary>
    protected virtual double? ScoreCap => null;

    /// <inheritdoc/>
    public sealed override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = Project(x); // [B, H, T, d], [B, G, T, d], [B, G, T, v]
        if (AttendAtOnce(query, key, value, context) is { } seen)
        {
            return Output(seen, x).MoveToOuterDisposeScope();
        }

        var opened = _gated ? query.unflatten(1, [query.shape[1] / 2, 2]) : null; // [B, H, 2, T, d]
        query = opened?.select(2, 0) ?? query;
        (query, key) = Position(query, key, context);
        if (context.Cache is { } cache)
        {
            (key, value) = cache.State<KeyValueCache>(_layerIndex).Append(key, value); // [B, G, S, d], [B, G, S, v]
        }

        var attended = Attend(query, key, value, context); // [B, H, T, v]
        attended = opened is null ? attended : attended * opened.select(2, 1).sigmoid();
        return Output(attended.transpose(1, 2).flatten(2), x).MoveToOuterDisposeScope();
    }

    /// <summary>Norms each query head before it turns; null for as it is.</summary>
    protected virtual RmsNorm? QueryNorm => null;

    /// <summary>Norms each key head before it turns; null for as it is.</summary>
    protected virtual RmsNorm? KeyNorm => null;

    /// <summary>
    /// Between its projections the class does what its properties say and nothing else, so that a kernel may do it: it overrides neither
    /// position nor mask nor attend. A class that does not say so runs stage by stage, and is right.
    /// </summary>
    protected virtual bool AttendsAsDeclared => GetType() == typeof(GroupedQueryAttention);

    /// <summary>Hidden states [B, T, D] to query [B, H, T, d] ([B, 2H, T, d] with gates, each behind its query), key [B, G, T, d] and value [B, G, T, v].</summary>
    protected virtual (Tensor Query, Tensor Key, Tensor Value) Project(Tensor x) =>
        SmallBatch.Linear(x, QProj, KProj, VProj) is var (query, key, value)
            ? (Heads(query, HeadDim), Heads(key, HeadDim), Heads(value))
            : (Heads(QProj.forward(x), HeadDim), Heads(KProj.forward(x), HeadDim), Heads(VProj.forward(x)));

    /// <summary>Tells queries and keys where they stand: rotary embedding.</summary>
    protected virtual (Tensor Query, Tensor Key) Position(Tensor query, Tensor key, AttentionContext context) => (
        _rotary.Apply(QueryNorm?.forward(query) ?? query, context), _rotary.Apply(KeyNorm?.forward(key) ?? key, context));

    /// <summary>Which tokens see which, as <see cref="AttentionContext.Mask"/> gives it.</summary>
    protected virtual Tensor? Mask(AttentionContext context) => context.Mask(SlidingWindow);

    /// <summary>Scores, softmax and sum: [B, H, T, v].</summary>
    protected virtual Tensor Attend(Tensor query, Tensor key, Tensor value, AttentionContext context) =>
        ScaledDotProduct.Attend(query, key, value, Scale, Mask(context), ScoreCap, OwnSinks(query.shape[1]));

    /// <summary>Attended heads side by side [B, T, H · v] to [B, T, D].</summary>
    /// <param name="attended">What the heads saw.</param>
    /// <param name="x">The layer's input, for an output gate.</param>
    protected virtual Tensor Output(Tensor attended, Tensor x) => OProj.forward(attended);

    /// <summary>From projections to what the heads saw, [B, 1, H · d], in one kernel; null where there is none for it.</summary>
    private Tensor? AttendAtOnce(Tensor query, Tensor key, Tensor value, AttentionContext context) =>
        AttendsAsDeclared && !_gated && context.Cache is { Place: { } place } cache && cache.State<KeyValueCache>(_layerIndex).Fixed is var (keys, values)
            ? DecodeAttention.Run(new(query, key, value, keys, values, place.Position)
            {
                QueryNorm = QueryNorm,
                KeyNorm = KeyNorm,
                Rotation = _rotary,
                Context = context,
                Sinks = OwnSinks(query.shape[1]),
                Window = SlidingWindow,
                Scale = Scale,
                ScoreCap = ScoreCap,
            })
            : null;

    /// <summary>Those of this rank's heads.</summary>
    private Tensor? OwnSinks(long heads) => Sinks is { } sinks && sinks.shape[0] != heads ? sinks.narrow(0, _firstHead, heads) : Sinks;

    /// <summary>Cuts heads: query rows and output columns of as many heads on each rank, and the key heads that they read.</summary>
    /// <remarks>Where there are fewer key heads than ranks, several ranks have the same one.</remarks>
    internal sealed override void Parallelize(ParallelContext context, string path)
    {
        var ranks = context.Layout.Tensor;
        if (ranks == 1)
        {
            return;
        }

        if (!HeadsAreIndependent)
        {
            context.Note($"{path}: whole on every rank, its heads are not known to be independent");
            return;
        }

        var (first, heads) = context.Share(_queryHeads, path, "query heads");
        var keyHeads = ranks > _keyHeads && ranks % _keyHeads == 0 ? 1 : context.Share(_keyHeads, path, "key heads").Length;
        var firstKey = first / (_queryHeads / _keyHeads);
        var (queryRows, keyRows, valueRows) = (QProj.Weight.shape[0] / _queryHeads, KProj.Weight.shape[0] / _keyHeads, VProj.Weight.shape[0] / _keyHeads);
        _firstHead = (int)first;
        QProj.CutOutputs(new(Dimension: 0, Start: first * queryRows, Length: heads * queryRows));
        KProj.CutOutputs(new(Dimension: 0, Start: firstKey * keyRows, Length: keyHeads * keyRows));
        VProj.CutOutputs(new(Dimension: 0, Start: firstKey * valueRows, Length: keyHeads * valueRows));
        OProj.CutInputs(context, first * valueRows, heads * valueRows);
    }

    /// <summary>[B, T, n · width] to [B, n, T, width].</summary>
    /// <param name="x">Projected states.</param>
    /// <param name="width">Width of a head; -1 where the number of key heads says it.</param>
    protected Tensor Heads(Tensor x, int width = -1)
    {
        var count = width > 0 ? x.shape[2] / width : KProj.Weight.shape[0] / HeadDim;
        return x.view(x.shape[0], x.shape[1], count, -1).transpose(1, 2);
    }
}
