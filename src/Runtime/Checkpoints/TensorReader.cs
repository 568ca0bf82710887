using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>The one place where bytes of a file become elements of a parameter.</summary>
internal static class TensorReader
{
    /// <summary>Copies a tensor into its region of a parameter, in the region's order, dtype and device.</summary>
    internal static void Read(WeightAssignment assignment, Tensor region)
    {
        if (assignment.Quantized is { } quantized)
        {
            Read(quantized, assignment.Place, region);
            return;
        }

        var (source, place) = (assignment.Source, assignment.Place);
        var shape = place.UnflatShape(assignment.Target.Shape);
        using var stored = source.IsAligned ? source.View(shape) : source.ToTensor(shape);
        using var arranged = place.Arrange(stored);
        using var target = place.Pair(region);
        target.copy_(arranged);
    }

    /// <summary>Part by part, so that no second copy of the tensor is ever whole in memory.</summary>
    private static void Read(QuantizedTensor quantized, WeightRegion place, Tensor region)
    {
        using var target = place.Pair(region);
        if (!place.KeepsFirstDimension(quantized.Rank))
        {
            using var all = quantized.Decode(0, quantized.Length);
            using var arranged = place.Arrange(all);
            target.copy_(arranged);
            return;
        }

        foreach (var (start, count) in quantized.Parts())
        {
            using var part = quantized.Decode(start, count);
            using var arranged = place.Arrange(part);
            using var slice = target.narrow(0, start, count);
            slice.copy_(arranged);
        }
    }
}
