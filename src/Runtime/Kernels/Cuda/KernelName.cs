using System.Globalization;

namespace Moesaic.Kernels;

/// <summary>What a kernel is asked for by, and found by in a file of PTX: all that makes it another text, but for its source.</summary>
/// <param name="Kernel">What it does.</param>
/// <param name="Target">The GPU it is for.</param>
internal sealed record KernelName(ExpertKernel Kernel, KernelTarget Target)
{
    /// <summary>The activation that is compiled into it; null where there is none.</summary>
    internal Type? Activation { get; init; }

    /// <summary>The tile of a streaming kernel.</summary>
    internal TileShape? Tile { get; init; }

    /// <summary>The width of the heads that an attention kernel is for.</summary>
    internal int? HeadWidth { get; init; }

    /// <summary>Of a kernel in tiles: two blocks share the weights that they multiply.</summary>
    internal bool InPairs { get; init; }

    /// <summary>What it reads; of kernels that see no weights, what their activations are.</summary>
    internal WeightFormat Format { get; init; }

    /// <summary><c>GateUp.Moesaic.SwiGlu.2x1x4x4.sm_90</c>.</summary>
    public override string ToString()
    {
        string?[] parts =
        [
            Kernel.ToString(),
            Activation?.ToString(),
            Tile is { } tile ? string.Create(CultureInfo.InvariantCulture, $"{tile.RowTiles}x{tile.TokenTiles}x{tile.Depth}x{tile.Warps}{(tile.WarpsPerProcessor == TileShape.UsualWarps ? "" : $"x{tile.WarpsPerProcessor}")}") : null,
            HeadWidth?.ToString(CultureInfo.InvariantCulture),
            InPairs ? "pairs" : null,
            Format == WeightFormat.BFloat16 ? null : Format.ToString(),
            Target.Architecture,
        ];
        return string.Join('.', parts.Where(static part => part is not null));
    }
}
