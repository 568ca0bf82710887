using Moesaic.Checkpoints;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Copies what a rank has of a checkpoint tensor, and touches no more of a plain one.</summary>
internal static class CutReader
{
    /// <summary>Whether the rank has anything of it.</summary>
    internal static bool Reads(WeightAssignment assignment, ParameterCut cut) =>
        !cut.IsZero && (assignment.Place.Expert is { } expert ? cut.SlotsOf(expert).Any() : cut.Experts is not { Count: 0 });

    /// <summary>Reads one tensor into a rank's part of its parameter.</summary>
    internal static void Read(WeightAssignment assignment, ParameterCut cut, Tensor local)
    {
        using var scope = NewDisposeScope();
        if (assignment.Quantized is not { } quantized)
        {
            var (source, shape) = (assignment.Source, assignment.Place.UnflatShape(assignment.Target.Shape));
            Copy(assignment.Place.Arrange(source.IsAligned ? source.View(shape) : source.ToTensor(shape)), assignment.Place, cut, local);
        }
        else if (quantized.Rank > 2)
        {
            ReadStack(quantized, assignment.Place, cut, local);
        }
        else
        {
            var buffer = quantized.NewBuffer(forAll: true);
            quantized.Decode(0, buffer);
            Copy(assignment.Place.Arrange(buffer), assignment.Place, cut, local);
        }
    }

    /// <summary>One expert after the other, of those that the rank has.</summary>
    private static void ReadStack(QuantizedTensor quantized, WeightRegion place, ParameterCut cut, Tensor local)
    {
        var buffer = quantized.NewBuffer(forAll: false);
        for (var slot = 0; slot < local.shape[0]; slot++)
        {
            using var scope = NewDisposeScope();
            quantized.Decode(cut.Experts?[slot] ?? slot, buffer);
            CopyOne(place.Arrange(buffer).select(0, 0), place with { Expert = slot }, cut, local);
        }
    }

    /// <param name="arranged">The whole tensor in the order of its region.</param>
    private static void Copy(Tensor arranged, WeightRegion place, ParameterCut cut, Tensor local)
    {
        if (place.Expert is { } expert)
        {
            foreach (var slot in cut.SlotsOf(expert))
            {
                CopyOne(arranged, place with { Expert = slot }, cut, local);
            }
        }
        else if (cut.Experts is null)
        {
            CopyOne(arranged, place, cut, local);
        }
        else
        {
            for (var slot = 0; slot < cut.Experts.Count; slot++)
            {
                using var scope = NewDisposeScope();
                CopyOne(arranged.select(0, cut.Experts[slot]), place with { Expert = slot }, cut, local);
            }
        }
    }

    /// <param name="arranged">What fills <paramref name="place"/>, with gate and up in a dimension of their own where the checkpoint interleaves them.</param>
    private static void CopyOne(Tensor arranged, WeightRegion place, ParameterCut cut, Tensor local)
    {
        using var scope = NewDisposeScope();
        var region = place.Select(local);
        var dimension = cut.Dimension - (place.Expert is null ? 0 : 1);
        if (cut.Dimension < 0)
        {
            place.Pair(region).copy_(arranged);
        }
        else if (!cut.Halves)
        {
            // Interleaved rows have two dimensions, which shifts those behind them.
            var shifted = place.Interleaved && cut.Dimension > place.RowDimension ? dimension + 1 : dimension;
            place.Pair(region).copy_(arranged.narrow(shifted, cut.Start, cut.Length));
        }
        else if (place.Slice != WeightSlice.Whole)
        {
            region.copy_(arranged.narrow(dimension, cut.Start, cut.Length));
        }
        else
        {
            var halves = place.Interleaved ? arranged : arranged.unflatten(dimension, 2, -1);
            region.unflatten(dimension, 2, -1).copy_(halves.narrow(dimension + 1, cut.Start, cut.Length));
        }
    }
}
