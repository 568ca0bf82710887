namespace Moesaic;

/// <summary>What a gated delta net reads.</summary>
public interface IGatedDeltaNetConfig
{
    /// <summary>Width of the residual stream, D.</summary>
    int HiddenSize { get; }

    /// <summary>Query and key heads, G.</summary>
    int LinearNumKeyHeads { get; }

    /// <summary>Value heads, H; a multiple of G.</summary>
    int LinearNumValueHeads { get; }

    /// <summary>Width of a query or key head, K.</summary>
    int LinearKeyHeadDim { get; }

    /// <summary>Width of a value head, V.</summary>
    int LinearValueHeadDim { get; }

    /// <summary>How many tokens the convolution sees, L.</summary>
    int LinearConvKernelDim { get; }

    /// <summary>Epsilon of the norm before the last projection.</summary>
    double RmsNormEps { get; }
}
