namespace Moesaic.Kernels;

/// <summary>What lies between the kernels of a streamed layer, laid out in one piece of device memory.</summary>
internal readonly struct StreamWorkspace
{
    private const long Alignment = 256;

    // Of a RouteTile: four int32.
    private const long RouteTileBytes = 16;

    /// <summary>Lays it out from an address on, which is a multiple of 256.</summary>
    internal StreamWorkspace(nint start, in ExpertSizes sizes, int tokens)
    {
        var routes = (long)tokens * sizes.TopK;
        long next = start;
        Ids = Take(ref next, 4 * routes);
        Weights = Take(ref next, 4 * routes);
        Order = Take(ref next, 4 * routes);
        SortedWeights = Take(ref next, 4 * routes);
        Tiles = Take(ref next, RouteTileBytes * routes);
        TileCount = Take(ref next, 4);
        Counts = Take(ref next, 4 * ((routes / TiledExperts.RoutesOfPart) + 1) * sizes.Experts);
        NextItems = Take(ref next, 8);
        Hidden = Take(ref next, 2 * routes * sizes.Width);
        Rows = Take(ref next, 2 * routes * sizes.Hidden);
        Bytes = next - start;
    }

    /// <summary>That of a call, with the routes that it brings, if it does.</summary>
    internal StreamWorkspace(in StreamCall call, in ExpertSizes sizes)
        : this(call.Workspace, sizes, call.Tokens)
    {
        if (call.Ids != 0)
        {
            (Ids, Weights) = (call.Ids, call.Weights);
        }
    }

    /// <summary>[R] int32.</summary>
    internal long Ids { get; }

    /// <summary>[R] float32.</summary>
    internal long Weights { get; }

    /// <summary>[R] int32.</summary>
    internal long Order { get; }

    /// <summary>[R] float32: weights in order.</summary>
    internal long SortedWeights { get; }

    /// <summary>[R] RouteTile; no more tiles than routes.</summary>
    internal long Tiles { get; }

    /// <summary>[1] int32.</summary>
    internal long TileCount { get; }

    /// <summary>[parts, E] int32: routes of each expert in each part of an alignment.</summary>
    internal long Counts { get; }

    /// <summary>[2] int32: items of the first and of the second product that are taken.</summary>
    internal long NextItems { get; }

    /// <summary>[R, F] bf16.</summary>
    internal long Hidden { get; }

    /// <summary>[R, D] bf16: the rows of the result, and before these, where tiles are used, the tokens in the order of experts.</summary>
    internal long Rows { get; }

    /// <summary>All of it.</summary>
    internal long Bytes { get; }

    private static long Take(ref long next, long bytes)
    {
        var start = next;
        next += (bytes + Alignment - 1) / Alignment * Alignment;
        return start;
    }
}
