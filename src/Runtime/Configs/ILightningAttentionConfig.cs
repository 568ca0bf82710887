namespace Moesaic;

/// <summary>What lightning attention reads.</summary>
public interface ILightningAttentionConfig
{
    /// <summary>Width of the residual stream, D.</summary>
    int HiddenSize { get; }

    /// <summary>Heads, H.</summary>
    int NumAttentionHeads { get; }

    /// <summary>Width of a head, d; null for D / H.</summary>
    int? HeadDim { get; }

    /// <summary>Tokens computed at once, b: the length of the tables of decays in checkpoints.</summary>
    int BlockSize { get; }
}
