using static TorchSharp.torch;

namespace Moesaic.Generation;

/// <summary>Continues a sequence of token ids, one token a pass, through the cache.</summary>
/// <param name="model">The model; it must not be used by another thread meanwhile.</param>
public sealed class TextGenerator(CausalLm model)
{
    /// <summary>The continuation, token by token, without the ids that end it.</summary>
    /// <param name="prompt">Token ids; at least one.</param>
    /// <exception cref="GenerationException">The prompt is empty, too long or has ids outside the vocabulary, or the logits are no numbers.</exception>
    public IEnumerable<int> Generate(IReadOnlyList<int> prompt, GenerationOptions options, CancellationToken cancellation = default)
    {
        Check(prompt);
        return Continue(prompt, options, cancellation);
    }

    private IEnumerable<int> Continue(IReadOnlyList<int> prompt, GenerationOptions options, CancellationToken cancellation)
    {
        var sampler = new Sampler(options);
        var room = model.DecoderConfig.MaxPositionEmbeddings - prompt.Count;
        using var cache = new GenerationCache();
        var all = prompt.Select(id => (long)id).ToList();
        for (var i = 0; i < Math.Min(options.MaxTokens, room + 1); i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (model.OutgrowsCache(cache.Length, all.Count))
            {
                cache.Clear();
            }

            var next = Step([.. all.Skip((int)cache.Length)], cache, sampler);
            if (options.StopIds.Contains(next))
            {
                yield break;
            }

            yield return next;
            all.Add(next);
        }
    }

    /// <summary>One pass. No tensor outlives it, so the caller may take its time between two tokens.</summary>
    /// <exception cref="GenerationException">The logits are no numbers, or the config's numbers do not fit each other.</exception>
    private int Step(long[] ids, GenerationCache cache, Sampler sampler)
    {
        try
        {
            return Pass(ids, cache, sampler);
        }
        catch (Exception e) when (Unfit.Numbers(e))
        {
            throw new GenerationException($"the model does not run: {Unfit.FirstLine(e)}; check that config.json belongs to this checkpoint", e);
        }
    }

    private int Pass(long[] ids, GenerationCache cache, Sampler sampler) => model.Parallel is { } parallel
        ? parallel.FromFirst(parallel.DataRank == 0 ? OwnPass(ids, cache, sampler) : IdlePass(ids, cache))
        : OwnPass(ids, cache, sampler);

    /// <summary>The first data rank has the sequence; the others enter the passes with it, and learn its tokens.</summary>
    private int IdlePass(long[] ids, GenerationCache cache)
    {
        using var inference = inference_mode();
        using var context = new AttentionContext(1, ids.Length, model.Device, cache);
        model.ForwardIdle();
        cache.Advance(context);
        return 0;
    }

    private int OwnPass(long[] ids, GenerationCache cache, Sampler sampler)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var input = tensor(ids, dtype: int64, device: model.Device).unsqueeze(0); // [1, T]
        using var context = new AttentionContext(1, ids.Length, model.Device, cache);
        var logits = model.ForwardLast(input, context); // [1, V]
        cache.Advance(context);
        return sampler.Next(logits.select(0, 0));
    }

    private void Check(IReadOnlyList<int> prompt)
    {
        var config = model.DecoderConfig;
        if (prompt.Count == 0)
        {
            throw new GenerationException("the prompt has no tokens: expected at least one; give a text, or a tokenizer that adds a beginning");
        }

        if (prompt.Count > config.MaxPositionEmbeddings)
        {
            throw new GenerationException(
                $"the prompt has {prompt.Count} tokens: expected at most {config.MaxPositionEmbeddings}, the model's max_position_embeddings; shorten it");
        }

        foreach (var id in prompt)
        {
            if (id < 0 || id >= config.VocabSize)
            {
                throw new GenerationException(
                    $"the prompt has token id {id}: expected 0 to {config.VocabSize - 1}, the model's vocabulary; does the tokenizer belong to this model?");
            }
        }
    }
}
