using static TorchSharp.torch;

namespace Moesaic;

/// <summary>softmax(q kᵀ · scale + mask) v, per head. https://arxiv.org/abs/1706.03762.</summary>
internal static class ScaledDotProduct
{
    /// <summary>Attends.</summary>
    /// <param name="query">[B, H, T, d].</param>
    /// <param name="key">[B, G, S, d], where G divides H: each serves H / G query heads.</param>
    /// <param name="value">[B, G, S, v].</param>
    /// <param name="mask">[B or 1, 1, T, S] bool, true where a token is seen; null for all.</param>
    /// <returns>[B, H, T, v].</returns>
    internal static Tensor Attend(Tensor query, Tensor key, Tensor value, double scale, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        var groups = query.shape[1] / key.shape[1];
        // libtorch's kernel scales by 1 / sqrt(d) itself.
        var own = 1 / Math.Sqrt(query.shape[^1]);
        var q = Math.Abs(scale - own) < 1e-9 ? query : query * (scale / own);
        return nn.functional.scaled_dot_product_attention(q, Repeat(key, groups), Repeat(value, groups), attn_mask: mask)
            .MoveToOuterDisposeScope();
    }

    /// <summary>The same with a sink: one more logit per head in the softmax that carries no value. https://arxiv.org/abs/2309.17453.</summary>
    /// <param name="sinks">[H].</param>
    internal static Tensor AttendWithSinks(Tensor query, Tensor key, Tensor value, double scale, Tensor? mask, Tensor sinks)
    {
        using var scope = NewDisposeScope();
        var scores = Scores(query, key, scale, mask); // [B, H, T, S]
        var sink = sinks.to(scores.dtype).view(1, -1, 1, 1).expand(scores.shape[0], scores.shape[1], scores.shape[2], 1);
        var weights = cat([scores, sink], -1).softmax(-1, dtype: float32).narrow(-1, 0, scores.shape[3]).to(value.dtype);
        return weights.matmul(Repeat(value, query.shape[1] / value.shape[1])).MoveToOuterDisposeScope();
    }

    /// <summary>The same with scores bent to ±<paramref name="cap"/>: cap · tanh(score / cap).</summary>
    internal static Tensor AttendCapped(Tensor query, Tensor key, Tensor value, double scale, Tensor? mask, double cap)
    {
        using var scope = NewDisposeScope();
        var scores = (Scores(query, key, scale, mask: null) / cap).tanh() * cap; // [B, H, T, S]
        var weights = Hide(scores, mask).softmax(-1, dtype: float32).to(value.dtype);
        return weights.matmul(Repeat(value, query.shape[1] / value.shape[1])).MoveToOuterDisposeScope();
    }

    private static Tensor Scores(Tensor query, Tensor key, double scale, Tensor? mask) =>
        Hide(query.matmul(Repeat(key, query.shape[1] / key.shape[1]).transpose(2, 3)) * scale, mask);

    private static Tensor Hide(Tensor scores, Tensor? mask) =>
        mask is null ? scores : scores.masked_fill(mask.logical_not(), float.NegativeInfinity);

    /// <summary>[B, G, S, d] to [B, G * groups, S, d], each head <paramref name="groups"/> times in a row.</summary>
    private static Tensor Repeat(Tensor heads, long groups)
    {
        if (groups == 1)
        {
            return heads;
        }

        var (batch, count, length, width) = (heads.shape[0], heads.shape[1], heads.shape[2], heads.shape[3]);
        return heads.unsqueeze(2).expand(batch, count, groups, length, width).reshape(batch, count * groups, length, width);
    }
}
