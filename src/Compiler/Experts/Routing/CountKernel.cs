using ILGPU;

namespace Moesaic.Kernels;

/// <summary>How many routes each expert has in each part of the batch: the first half of an alignment by many blocks.</summary>
/// <remarks>
/// <code>
///   ids     [R]         the expert of slot t K + k
///   counts  [parts, E]  one block a part
/// </code>
/// </remarks>
internal static class CountKernel
{
    internal static int Bytes(int experts) => experts * sizeof(int);

    internal static void Run(long ids, long counts, int routes, int experts)
    {
        EarlyStart.Wait();
        var shared = SharedMemory.GetDynamic<int>();
        for (var expert = Group.IdxX; expert < experts; expert += Group.DimX)
        {
            shared[expert] = 0;
        }

        Group.Barrier();

        // Additions in any order give the same counts.
        var part = RoutePart.Of(routes);
        for (var slot = part.Begin + Group.IdxX; slot < part.End; slot += Group.DimX)
        {
            Atomic.Add(ref shared[GlobalMemory.LoadInt(ids + (4L * slot))], 1);
        }

        Group.Barrier();
        for (var expert = Group.IdxX; expert < experts; expert += Group.DimX)
        {
            GlobalMemory.StoreInt(counts + (4L * (((long)Grid.IdxX * experts) + expert)), shared[expert]);
        }
    }
}
