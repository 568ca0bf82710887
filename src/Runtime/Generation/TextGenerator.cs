using TorchSharp;

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
        var room = model.DecoderConfig.MaxPositionEmbeddings - prompt.Count;
        using var passes = new TokenPasses(model, new(options), prompt, inSteps: model.Device.type == DeviceType.CUDA);
        for (var i = 0; i < Math.Min(options.MaxTokens, room + 1); i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var next = passes.Next();
            if (options.StopIds.Contains(next))
            {
                yield break;
            }

            yield return next;
        }
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
