namespace Moesaic;

/// <summary>What a Mamba-2 layer reads.</summary>
public interface IMamba2Config
{
    /// <summary>Width of the residual stream, D.</summary>
    int HiddenSize { get; }

    /// <summary>Heads, H.</summary>
    int MambaNHeads { get; }

    /// <summary>Width of a head, P.</summary>
    int MambaDHead { get; }

    /// <summary>Groups of heads that write and read the state by the same vectors, G; divides H.</summary>
    int MambaNGroups { get; }

    /// <summary>How many numbers each channel remembers, N.</summary>
    int MambaDState { get; }

    /// <summary>How many tokens the convolution sees, L.</summary>
    int MambaDConv { get; }

    /// <summary>The convolution has a bias.</summary>
    bool MambaConvBias { get; }

    /// <summary>The first and last projection have a bias.</summary>
    bool MambaProjBias { get; }

    /// <summary>Epsilon of the norm before the last projection.</summary>
    double RmsNormEps { get; }

    /// <summary>The least and the greatest time step.</summary>
    IReadOnlyList<double> TimeStepLimit { get; }
}
