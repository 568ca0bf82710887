using Moesaic.Communication;
using static TorchSharp.torch;

namespace Moesaic.Eplb;

/// <summary>Sums of numbers over ranks.</summary>
internal static class RankSums
{
    /// <summary>Adds up each number over all ranks, exactly: every rank gets the same sums.</summary>
    /// <param name="device">Where the communicator reads tensors.</param>
    internal static long[] Sum(this ICommunicator ranks, long[] numbers, Device device)
    {
        using var values = tensor(numbers, dtype: int64, device: device);
        ranks.AllReduce(values);
        using var sums = values.cpu();
        return sums.data<long>().ToArray();
    }
}
