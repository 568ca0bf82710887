using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Moesaic.Kernels.Cpu;

/// <summary>The T · K routes of a call, sorted by expert: an expert's rows stand together, in the order of their tokens.</summary>
/// <remarks>Experts with few rows come first, then those with many: a row's place also says who computes it.</remarks>
internal sealed class ExpertRows
{
    // Below, libtorch wins on no machine: it is the number of rows that each weight is read once for.
    private const int Few = 4;

    /// <summary>Sorts [T, K] int32 by counting.</summary>
    /// <param name="crossover">As many rows of an expert are many. Called only where some expert has more than a few.</param>
    internal ExpertRows(Tensor topKIds, int numExperts, Func<int> crossover)
    {
        using var dense = topKIds.contiguous();
        var ids = MemoryMarshal.Cast<byte, int>(dense.bytes);
        var topK = (int)topKIds.size(1);
        var counts = new int[numExperts];
        foreach (var id in ids)
        {
            counts[id]++;
        }

        var many = counts.Max() < Few ? int.MaxValue : crossover();
        var next = new int[numExperts];
        (WithFew, FewCount) = Place(counts, next, start: 0, count => count > 0 && count < many);
        (WithMany, _) = Place(counts, next, FewCount, count => count >= many);
        (Tokens, RowOfRoute) = (new int[ids.Length], new int[ids.Length]);
        for (var route = 0; route < ids.Length; route++)
        {
            var row = next[ids[route]]++;
            (Tokens[row], RowOfRoute[route]) = (route / topK, row);
        }
    }

    /// <summary>Experts with few rows, ascending.</summary>
    internal ExpertSpan[] WithFew { get; }

    /// <summary>Experts with many rows, ascending.</summary>
    internal ExpertSpan[] WithMany { get; }

    /// <summary>The rows of all experts with few.</summary>
    internal int FewCount { get; }

    /// <summary>The token of each row.</summary>
    internal int[] Tokens { get; }

    /// <summary>The row of each route t · K + k.</summary>
    internal int[] RowOfRoute { get; }

    private static (ExpertSpan[] Spans, int End) Place(int[] counts, int[] next, int start, Func<int, bool> belongs)
    {
        var spans = new List<ExpertSpan>();
        for (var expert = 0; expert < counts.Length; expert++)
        {
            if (belongs(counts[expert]))
            {
                spans.Add(new(expert, start, counts[expert]));
                next[expert] = start;
                start += counts[expert];
            }
        }

        return ([.. spans], start);
    }
}
