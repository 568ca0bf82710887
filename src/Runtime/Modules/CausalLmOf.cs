using Moesaic.Communication;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Embedding, layers, final norm and head: <c>model.embed_tokens</c>, <c>model.layers</c>, <c>model.norm</c>, <c>lm_head</c>.</summary>
/// <typeparam name="TConfig">The model's config record.</typeparam>
/// <typeparam name="TLayer">The model's decoder layer.</typeparam>
/// <param name="config">The model's numbers.</param>
/// <param name="norm">The norm after the last layer; null for an RmsNorm.</param>
/// <param name="normName">Its name in checkpoints.</param>
/// <param name="headBias">The head has a bias.</param>
/// <param name="embeddingMultiplier">Factor on the embedded tokens.</param>
/// <param name="logitsMultiplier">Factor on the logits.</param>
public abstract class CausalLm<TConfig, TLayer>(
    TConfig config,
    ExplicitModule? norm = null,
    string normName = "norm",
    bool headBias = false,
    double embeddingMultiplier = 1,
    double logitsMultiplier = 1) : CausalLm(config)
    where TConfig : class, IDecoderConfig
    where TLayer : DecoderLayer, IDecoderLayer<TConfig, TLayer>
{
    private long[]? _headRows; // Of the vocabulary on each tensor rank, where it is cut.

    /// <summary>Embedding, layers and final norm.</summary>
    public DecoderModel<TConfig, TLayer> Model { get; } = new(config, norm, normName, embeddingMultiplier);

    /// <summary>[V, D]; null where the embedding serves as the head.</summary>
    public Linear? LmHead { get; } = config.TieWordEmbeddings ? null : new(config.HiddenSize, config.VocabSize, headBias);

    /// <inheritdoc/>
    public override Tensor forward(Tensor inputIds, AttentionContext context)
    {
        using var hidden = Model.forward(inputIds, context); // [B, T, D]
        return Logits(hidden); // [B, T, V]
    }

    /// <inheritdoc/>
    public override Tensor ForwardLast(Tensor inputIds, AttentionContext context)
    {
        using var hidden = Model.forward(inputIds, context); // [B, T, D]
        using var last = hidden.select(1, hidden.shape[1] - 1); // [B, D]
        return Logits(last); // [B, V]
    }

    /// <summary>Hidden states […, D] to logits […, V].</summary>
    protected virtual Tensor Logits(Tensor hidden)
    {
        var logits = LmHead is null ? nn.functional.linear(hidden, Model.EmbedTokens.Weight) : LmHead.forward(hidden);
        logits = _headRows is null ? logits : Gather(logits, Parallel!.Tensor, _headRows);
        return logitsMultiplier == 1 ? logits : logits.mul_(logitsMultiplier);
    }

    internal override void Parallelize(ParallelContext context, string path)
    {
        base.Parallelize(context, path);
        if (context.Layout.Tensor > 1)
        {
            _headRows = Embedding.Rows(context, config.VocabSize);
            LmHead?.CutOutputs(new(Dimension: 0, Start: _headRows[..context.TensorRank].Sum(), Length: _headRows[context.TensorRank]));
        }
    }

    /// <inheritdoc/>
    protected override void RegisterChildren()
    {
        Register("model", Model);
        Register("lm_head", LmHead);
    }

    /// <summary>[…, this rank's part of V] to […, V].</summary>
    private static Tensor Gather(Tensor logits, ICommunicator ranks, long[] parts)
    {
        using var scope = NewDisposeScope();
        long[] shape = [.. logits.shape[..^1], parts.Sum()];
        var mine = logits.view(-1, logits.shape[^1]).t(); // [part, rows]
        var all = ranks.GatherRows(mine, parts).t().contiguous(); // [rows, V]
        logits.Dispose();
        return all.view(shape).MoveToOuterDisposeScope();
    }
}
