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

    /// <summary>Decodes one expert of a quantized tensor into its region of <paramref name="stack"/>, a parameter of that expert alone.</summary>
    /// <param name="stack">[1, rows, columns].</param>
    internal static void ReadExpert(WeightAssignment assignment, int expert, Tensor stack)
    {
        using var scope = NewDisposeScope();
        var (quantized, place) = (assignment.Quantized!, assignment.Place with { Expert = null });
        var isStacked = quantized.Rank > 2;
        var buffer = quantized.NewBuffer(forAll: !isStacked);
        quantized.Decode(isStacked ? expert : 0, buffer);
        var arranged = place.Arrange(isStacked ? buffer : buffer.unsqueeze(0));
        place.Pair(place.Select(stack)).copy_(arranged);
    }

    /// <summary>Part by part where it can be, so that no second copy of the tensor is ever whole in memory.</summary>
    private static void Read(QuantizedTensor quantized, WeightRegion place, Tensor region)
    {
        using var target = place.Pair(region);
        var inParts = place.KeepsFirstDimension(quantized.Rank);
        using var buffer = quantized.NewBuffer(forAll: !inParts);
        if (!inParts)
        {
            quantized.Decode(0, buffer);
            using var arranged = place.Arrange(buffer);
            target.copy_(arranged);
            return;
        }

        for (long start = 0; start < target.shape[0]; start += quantized.PartLength)
        {
            var count = Math.Min(quantized.PartLength, target.shape[0] - start);
            using var part = buffer.narrow(0, 0, count);
            quantized.Decode(start, part);
            using var arranged = place.Arrange(part);
            using var slice = target.narrow(0, start, count);
            slice.copy_(arranged);
        }
    }
}
