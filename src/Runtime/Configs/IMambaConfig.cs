namespace Moesaic;

/// <summary>What a Mamba layer reads.</summary>
public interface IMambaConfig
{
    /// <summary>Width of the residual stream, D.</summary>
    int HiddenSize { get; }

    /// <summary>Channels of the layer per channel of the residual stream, I / D.</summary>
    int MambaExpand { get; }

    /// <summary>How many numbers each channel remembers, N.</summary>
    int MambaDState { get; }

    /// <summary>How many tokens the convolution sees, L.</summary>
    int MambaDConv { get; }

    /// <summary>Width of the projection that the time step passes, R; null for ⌈D / 16⌉.</summary>
    int? MambaDtRank { get; }

    /// <summary>The convolution has a bias.</summary>
    bool MambaConvBias { get; }

    /// <summary>The first and last projection have a bias.</summary>
    bool MambaProjBias { get; }
}
