namespace Moesaic;

/// <summary>What every decoder states.</summary>
public interface IDecoderConfig
{
    /// <summary>Rows of the embedding and of the head.</summary>
    int VocabSize { get; }

    /// <summary>Width of the residual stream, D.</summary>
    int HiddenSize { get; }

    /// <summary>Number of decoder layers.</summary>
    int NumHiddenLayers { get; }

    /// <summary>Epsilon of the final norm.</summary>
    double RmsNormEps { get; }

    /// <summary>The longest sequence the model was made for.</summary>
    int MaxPositionEmbeddings { get; }

    /// <summary>The head is the embedding: the checkpoint has no lm_head.</summary>
    bool TieWordEmbeddings { get; }
}
