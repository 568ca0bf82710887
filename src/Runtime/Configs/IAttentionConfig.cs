namespace Moesaic;

/// <summary>What grouped-query attention reads.</summary>
public interface IAttentionConfig
{
    /// <summary>Width of the residual stream, D.</summary>
    int HiddenSize { get; }

    /// <summary>Query heads.</summary>
    int NumAttentionHeads { get; }

    /// <summary>Key and value heads; divides <see cref="NumAttentionHeads"/>.</summary>
    int NumKeyValueHeads { get; }

    /// <summary>Width of a head; null for <see cref="HiddenSize"/> / <see cref="NumAttentionHeads"/>.</summary>
    int? HeadDim { get; }

    /// <summary>Width of a value head; null for that of a key.</summary>
    int? ValueHeadDim => null;

    /// <summary>How positions turn queries and keys.</summary>
    RopeParameters RopeParameters { get; }

    /// <summary>How many positions back a token sees, itself included; null for all.</summary>
    int? SlidingWindow { get; }

    /// <summary>The same for one layer, where layers differ.</summary>
    int? SlidingWindowAt(int layerIndex) => SlidingWindow;
}
