using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>The one place where bytes of a file become elements of a parameter.</summary>
internal static class TensorReader
{
    /// <summary>Copies a tensor into its region of a parameter, in the region's order, dtype and device.</summary>
    internal static void Read(WeightAssignment assignment, Tensor region)
    {
        var (source, place) = (assignment.Source, assignment.Place);
        var shape = place.UnflatShape(assignment.Target.Shape);
        using var stored = source.IsAligned ? source.View(shape) : source.ToTensor(shape);
        using var arranged = place.Arrange(stored);
        using var target = place.Pair(region);
        target.copy_(arranged);
    }
}
