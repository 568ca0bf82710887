namespace Moesaic;

/// <summary>What multi-head latent attention reads.</summary>
public interface ILatentAttentionConfig
{
    /// <summary>Width of the residual stream, D.</summary>
    int HiddenSize { get; }

    /// <summary>Heads, H.</summary>
    int NumAttentionHeads { get; }

    /// <summary>Width that queries are compressed to; null where they are projected at once.</summary>
    int? QLoraRank { get; }

    /// <summary>Width that keys and values together are compressed to, r: what the cache keeps of a token.</summary>
    int KvLoraRank { get; }

    /// <summary>Width of a head's part that knows no positions, n.</summary>
    int QkNopeHeadDim { get; }

    /// <summary>Width of a head's part that positions turn, p: one key of it serves all heads.</summary>
    int QkRopeHeadDim { get; }

    /// <summary>Width of a value head, v.</summary>
    int VHeadDim { get; }

    /// <summary>The projections from and to the residual stream have a bias, save that of uncompressed queries.</summary>
    bool AttentionBias { get; }

    /// <summary>How positions turn queries and keys.</summary>
    RopeParameters RopeParameters { get; }
}
