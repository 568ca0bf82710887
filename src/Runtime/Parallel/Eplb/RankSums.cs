using Moesaic.Communication;
using static TorchSharp.torch;

namespace Moesaic.Eplb;

/// <summary>Sums of numbers over ranks.</summary>
internal static class RankSums
{
    /// <summary>Adds up each number over all ranks, exactly: every rank gets the same sums.</summary>
    internal static long[] Sum(this ICommunicator ranks, long[] numbers)
    {
        if (numbers.Length == 0)
        {
            return [];
        }

        using var scope = NewDisposeScope();
        var values = tensor(numbers, dtype: int64, device: ranks.Device);
        ranks.AllReduce(values);
        return values.cpu().data<long>().ToArray();
    }
}
