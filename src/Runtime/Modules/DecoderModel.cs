using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Embedding, decoder layers and final norm.</summary>
/// <typeparam name="TConfig">The model's config record.</typeparam>
/// <typeparam name="TLayer">The model's decoder layer.</typeparam>
public sealed class DecoderModel<TConfig, TLayer> : SequenceModule
    where TConfig : class, IDecoderConfig
    where TLayer : DecoderLayer, IDecoderLayer<TConfig, TLayer>
{
    private readonly double _embeddingMultiplier;
    private ParallelContext? _parallel;

    internal DecoderModel(TConfig config, ExplicitModule? norm, string normName, double embeddingMultiplier)
    {
        if (config.NumHiddenLayers is < 0 or > Unfit.MostLayers)
        {
            throw new ArgumentOutOfRangeException(nameof(config), $"num_hidden_layers is {config.NumHiddenLayers}, expected 0 to {Unfit.MostLayers}");
        }

        _embeddingMultiplier = embeddingMultiplier;
        EmbedTokens = new(config.VocabSize, config.HiddenSize);
        Layers = new(config.NumHiddenLayers, index => TLayer.Create(config, index));
        Norm = norm ?? new RmsNorm(config.HiddenSize, config.RmsNormEps);
        Register("embed_tokens", EmbedTokens);
        Register("layers", Layers);
        Register(normName, Norm);
    }

    /// <summary>[V, D].</summary>
    public Embedding EmbedTokens { get; }

    /// <summary>The layers, from input to output.</summary>
    public ModuleList<TLayer> Layers { get; }

    /// <summary>The norm after the last layer.</summary>
    public ExplicitModule Norm { get; }

    /// <summary>Token ids [B, T] to hidden states [B, T, D].</summary>
    public override Tensor forward(Tensor inputIds, AttentionContext context)
    {
        if (_parallel is not null)
        {
            _parallel.RealTokens = context.PaddingMask?.flatten(); // Padding travels to no expert.
        }

        var hidden = Embed(inputIds); // [B, T, D]
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
            _parallel?.Balancer?.Step(); // Of all ranks: idle ones have entered the pass too.
            return normed;
        }
    }

    internal override void Parallelize(ParallelContext context, string path)
    {
        _parallel = context;
        base.Parallelize(context, path);
    }

    private Tensor Embed(Tensor inputIds)
    {
        var embedded = EmbedTokens.forward(inputIds);
        if (_embeddingMultiplier == 1)
        {
            return embedded;
        }

        using (embedded)
        {
            return embedded * _embeddingMultiplier;
        }
    }
}
