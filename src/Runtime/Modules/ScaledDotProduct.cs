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
    /// <param name="cap">Scores are bent to ±this, cap · tanh(score / cap); null for as they are.</param>
    /// <param name="sinks">[H]: one more logit per head in the softmax that carries no value, https://arxiv.org/abs/2309.17453; null for none.</param>
    /// <returns>[B, H, T, v].</returns>
    internal static Tensor Attend(Tensor query, Tensor key, Tensor value, double scale, Tensor? mask, double? cap = null, Tensor? sinks = null)
    {
        using var scope = NewDisposeScope();
        var groups = query.shape[1] / key.shape[1];
        (key, value) = (Repeat(key, groups), Repeat(value, groups));
        var attended = cap is null && sinks is null ? Plain(query, key, value, scale, mask) : ByScores(query, key, value, scale, mask, cap, sinks);
        return attended.MoveToOuterDisposeScope();
    }

    /// <summary>libtorch's kernel, which scales by 1 / sqrt(d) itself.</summary>
    private static Tensor Plain(Tensor query, Tensor key, Tensor value, double scale, Tensor? mask)
    {
        var own = 1 / Math.Sqrt(query.shape[^1]);
        var q = Math.Abs(scale - own) < 1e-9 ? query : query * (scale / own);
        return nn.functional.scaled_dot_product_attention(q, key, value, attn_mask: mask);
    }

    private static Tensor ByScores(Tensor query, Tensor key, Tensor value, double scale, Tensor? mask, double? cap, Tensor? sinks)
    {
        var scores = query.matmul(key.transpose(2, 3)) * scale; // [B, H, T, S]
        if (cap is { } bound)
        {
            scores = (scores / bound).tanh() * bound;
        }

        if (mask is not null)
        {
            scores = scores.masked_fill(mask.logical_not(), float.NegativeInfinity);
        }

        var length = scores.shape[3];
        if (sinks is not null)
        {
            var sink = sinks.to(scores.dtype).view(1, -1, 1, 1).expand(scores.shape[0], scores.shape[1], scores.shape[2], 1);
            scores = cat([scores, sink], -1);
        }

        return scores.softmax(-1, dtype: float32).narrow(-1, 0, length).to(value.dtype).matmul(value);
    }

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
