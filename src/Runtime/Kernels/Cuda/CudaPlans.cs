namespace Moesaic.Kernels;

/// <summary>Which kernels run a call, from its sizes alone.</summary>
internal static class CudaPlans
{
    // Measured on an H200: below, the streaming kernels read weights faster than the tiled ones do.
    private const double StreamedRoutesPerExpert = 4.5;
    private const double StreamedRoutesOfCodes = 12;

    // Neighbouring tiles that find their weights in the cache.
    private const int Group = 16;

    // Where experts have many tiles, fewer can be better.
    private const int FewTiles = 4;

    // Measured on an H200: from so many routes an expert on, two blocks can share its weights. In bfloat16 alone: each of these kernels takes seconds to compile.
    private const double RoutesOfPairs = 192;

    // What is tried on the GPU at hand: routes an expert.
    private const double MostStreamedRoutes = 16;
    private const double MostStreamedRoutesOfCodes = 48;
    private const double FewestTiledRoutes = 2;
    private const double FewestTiledRoutesOfCodes = 4;
    private const double FewestRoutesOfPairs = 96;
    private const double ManyRoutes = 256;

    /// <summary>Why the streaming kernels cannot run experts of these sizes; null where they can.</summary>
    internal static string? StreamingRefusal(int hiddenSize, int intermediateSize, bool isGated, WeightFormat format = WeightFormat.BFloat16)
    {
        var (width, hidden) = StreamPlan.Narrowest(format, isGated);
        return hiddenSize % 32 != 0 || intermediateSize % 32 != 0 || hiddenSize < hidden || intermediateSize < width
            ? $"it streams hidden sizes and expert widths that are multiples of 32, from {hidden} and {width} on, got {hiddenSize} and {intermediateSize}"
            : null;
    }

    /// <summary>Why the tiled kernels cannot; null where they can.</summary>
    internal static string? TiledRefusal((int Major, int Minor) capability, int hiddenSize, int intermediateSize, bool isGated, WeightFormat format = WeightFormat.BFloat16)
    {
        var narrowest = isGated ? 128 : 256;
        var multiple = format.IsCoded ? 32 : 8;
        return capability.Major != 9 ? "tiles are for Hopper alone"
            : hiddenSize % multiple != 0 || intermediateSize % multiple != 0 || hiddenSize < 256 || intermediateSize < narrowest
                ? $"tiles take multiples of {multiple}, hidden sizes from 256 and expert widths from {narrowest} on"
                : null;
    }

    /// <summary>The plan for so many tokens, and others that may be faster, of kernels that <see cref="NeededKernels"/> names.</summary>
    internal static IReadOnlyList<LayerPlan> Near((int Major, int Minor) capability, in ExpertSizes sizes, bool isGated, int tokens, WeightFormat format)
    {
        var plan = For(capability, sizes, isGated, tokens, format);
        var streams = StreamingRefusal(sizes.Hidden, sizes.Width, isGated, format) is null;
        var tiles = TiledRefusal(capability, sizes.Hidden, sizes.Width, isGated, format) is null;
        var mean = MeanRoutes(sizes, tokens);
        List<LayerPlan> near = [plan];
        if (streams && mean <= (format.IsCoded ? MostStreamedRoutesOfCodes : MostStreamedRoutes))
        {
            near.AddRange(StreamPlan.Near(tokens, format));
        }

        if (tiles && mean >= (format.IsCoded ? FewestTiledRoutesOfCodes : FewestTiledRoutes))
        {
            near.Add(new TiledPlan(Group, format));
        }

        if (tiles && format == WeightFormat.BFloat16 && mean >= FewestRoutesOfPairs)
        {
            near.Add(new TiledPlan(Group, format, InPairs: true));
        }

        if (mean >= ManyRoutes && plan is TiledPlan)
        {
            near.Add(new TiledPlan(FewTiles, format));
        }

        return [.. near.Distinct()];
    }

    /// <summary>The plan for so many tokens: of experts that at least one kind of kernel takes.</summary>
    internal static LayerPlan For((int Major, int Minor) capability, in ExpertSizes sizes, bool isGated, int tokens, WeightFormat format = WeightFormat.BFloat16)
    {
        var streams = StreamingRefusal(sizes.Hidden, sizes.Width, isGated, format) is null;
        var tiles = TiledRefusal(capability, sizes.Hidden, sizes.Width, isGated, format) is null;
        var mean = MeanRoutes(sizes, tokens);
        return streams && (!tiles || mean <= (format.IsCoded ? StreamedRoutesOfCodes : StreamedRoutesPerExpert))
            ? StreamPlan.For(sizes, tokens, format)
            : new TiledPlan(Group, format, InPairs: format == WeightFormat.BFloat16 && mean >= RoutesOfPairs);
    }

    /// <summary>Routes of an expert that has any, if they are spread evenly.</summary>
    private static double MeanRoutes(in ExpertSizes sizes, int tokens)
    {
        var routes = (double)tokens * sizes.TopK;
        return routes / Math.Min(sizes.Experts, routes);
    }
}
