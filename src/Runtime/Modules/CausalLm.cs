using static TorchSharp.torch;

namespace Moesaic;

/// <summary>A decoder with a language-model head: token ids to logits. What hosts see of every model.</summary>
/// <param name="config">The sizes every decoder states.</param>
public abstract class CausalLm(IDecoderConfig config) : ExplicitModule
{
    /// <summary>The sizes every decoder states.</summary>
    public IDecoderConfig DecoderConfig { get; } = config;

    /// <summary>Where the parameters are.</summary>
    public Device Device { get; internal set; } = CPU;

    /// <summary>Checkpoint tensors that repeat what the model has anyway: names, with <c>*</c> for any text.</summary>
    /// <remarks>Old checkpoints store the rotary frequencies, and some a head that the config ties to the embedding.</remarks>
    public IReadOnlyList<string> Redundant => DecoderConfig.TieWordEmbeddings
        ? ["*rotary_emb.inv_freq", "lm_head.weight", "*.lm_head.weight"]
        : ["*rotary_emb.inv_freq"];

    /// <summary>Whether what a cache kept of the first <paramref name="past"/> tokens is of no use to a pass that ends at <paramref name="total"/>.</summary>
    /// <remarks>LongRoPE turns every position otherwise once a sequence is longer than the model's original length.</remarks>
    public bool OutgrowsCache(long past, long total) =>
        DecoderConfig is IAttentionConfig { RopeParameters: { Type: RopeType.LongRope } rope }
        && (rope.OriginalMaxPositionEmbeddings ?? rope.MaxPositionEmbeddings) is var original && past > 0 && past <= original && total > original;

    /// <summary>This rank's place among those that run the model; null where it is whole.</summary>
    public ParallelContext? Parallel { get; private set; }

    /// <summary>What runs the experts of every block from now on.</summary>
    public void UseExperts(ExpertsBackend backend)
    {
        foreach (var experts in modules().OfType<FusedExperts>())
        {
            experts.Backend = backend;
        }
    }

    /// <summary>Token ids [B, T] int64 to logits [B, T, V].</summary>
    /// <param name="inputIds">[B, T] int64.</param>
    /// <param name="context">Positions, mask and cache of this pass.</param>
    public abstract Tensor forward(Tensor inputIds, AttentionContext context);

    /// <summary>Token ids [B, T] int64 to the logits of each row's last token, [B, V].</summary>
    public abstract Tensor ForwardLast(Tensor inputIds, AttentionContext context);

    /// <summary>A pass of no tokens, for a data rank that has none: it keeps the others company.</summary>
    public void ForwardIdle()
    {
        var parallel = Parallel ?? throw new InvalidOperationException("a model on one rank has nobody to keep company");
        using var ids = zeros(1, 1, dtype: int64, device: Device);
        parallel.IsIdle = true;
        try
        {
            forward(ids).Dispose();
        }
        finally
        {
            parallel.IsIdle = false;
        }
    }

    internal override void Parallelize(ParallelContext context, string path)
    {
        Parallel = context;
        base.Parallelize(context, path);
    }

    /// <summary>The same for whole sequences from their beginning, without a cache or padding.</summary>
    public sealed override Tensor forward(Tensor inputIds)
    {
        using var context = new AttentionContext(inputIds.shape[0], inputIds.shape[1], inputIds.device);
        return forward(inputIds, context);
    }
}
