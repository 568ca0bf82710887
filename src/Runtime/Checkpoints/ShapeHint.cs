namespace Moesaic.Checkpoints;

/// <summary>What a tensor of another shape than expected may be.</summary>
internal static class ShapeHint
{
    internal static string For(IReadOnlyList<long> found, long[] parameter, WeightRegion region)
    {
        var expected = region.SourceShape(parameter);
        if (expected.Length >= 2 && found.SequenceEqual(Swapped(expected)))
        {
            return region.Transposed ? "is it not transposed?" : "is it transposed?";
        }

        if (found.SequenceEqual(expected.Reverse()))
        {
            return "are its dimensions in reverse?";
        }

        if (region.Slice != WeightSlice.Whole && Fits(region with { Slice = WeightSlice.Whole }))
        {
            return "does it hold gate and up together?";
        }

        if (region.Expert is not null && Fits(region with { Expert = null }))
        {
            return "does it hold all experts, stacked?";
        }

        if (parameter.Length >= 2 && region.Expert is null && Fits(region with { Flat = !region.Flat }))
        {
            return region.Flat ? "do its experts have a dimension of their own?" : "are its experts flat, below each other?";
        }

        return "check that config.json belongs to this checkpoint";

        bool Fits(WeightRegion other) => found.SequenceEqual(other.SourceShape(parameter));
    }

    private static long[] Swapped(long[] shape) => [.. shape[..^2], shape[^1], shape[^2]];
}
