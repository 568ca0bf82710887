namespace Moesaic.Kernels;

/// <summary>A MoE layer on a GPU, from router logits, or routes, to combined output.</summary>
internal abstract class DeviceExperts
{
    /// <summary>All that are loaded, for reports.</summary>
    internal abstract IEnumerable<LoadedKernel> Kernels { get; }

    /// <summary>Queues the whole layer on a stream. Addresses are device memory, a multiple of 16.</summary>
    internal abstract void Run(in StreamCall call, nint stream);

    private protected static long Blocks(long count, long each) => (count + each - 1) / each;
}
