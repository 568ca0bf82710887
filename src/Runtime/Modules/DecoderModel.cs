using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Embedding, decoder layers and final norm.</summary>
/// <typeparam name="TConfig">The model's config record.</typeparam>
/// <typeparam name="TLayer">The model's decoder layer.</typeparam>
/// <param name="config">The model's numbers.</param>
public sealed class DecoderModel<TConfig, TLayer>(TConfig config) : SequenceModule
    where TConfig : class, IDecoderConfig
    where TLayer : DecoderLayer, IDecoderLayer<TConfig, TLayer>
{
    /// <summary>[V, D].</summary>
    public Embedding EmbedTokens { get; } = new(config.VocabSize, config.HiddenSize);

    /// <summary>The layers, from input to output.</summary>
    public ModuleList<TLayer> Layers { get; } = new(config.NumHiddenLayers, index => TLayer.Create(config, index));

    /// <summary>The norm after the last layer.</summary>
    public RmsNorm Norm { get; } = new(config.HiddenSize, config.RmsNormEps);

    /// <summary>Token ids [B, T] to hidden states [B, T, D].</summary>
    public override Tensor forward(Tensor inputIds, AttentionContext context)
    {
        var hidden = EmbedTokens.forward(inputIds); // [B, T, D]
        for (var i = 0; i < Layers.Count; i++)
        {
            using var input = hidden;
            context.HiddenStates?.Invoke(i, input);
            hidden = Layers[i].forward(input, context);
        }

        using (hidden)
        {
            var normed = Norm.forward(hidden);
            context.HiddenStates?.Invoke(Layers.Count, normed);
            return normed;
        }
    }

    /// <inheritdoc/>
    protected override void RegisterChildren()
    {
        Register("embed_tokens", EmbedTokens);
        Register("layers", Layers);
        Register("norm", Norm);
    }
}
