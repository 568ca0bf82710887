using System.Runtime.InteropServices;

namespace Moesaic.Kernels.Cpu;

/// <summary>Memory for one call at a time of one thread, kept between calls: fresh memory would cost a page fault every 4 KB.</summary>
internal sealed unsafe class ScratchMemory
{
    private const nuint Alignment = 64;
    private const nuint Kept = 64 << 20;

    [ThreadStatic]
    private static ScratchMemory? _ofThread;

    private byte* _start;
    private nuint _length;
    private nuint _used;

    private ScratchMemory()
    {
    }

    ~ScratchMemory() => NativeMemory.AlignedFree(_start);

    /// <summary>What the current thread keeps, with room for some buffers whose bytes are given.</summary>
    internal static ScratchMemory WithRoomFor(params ReadOnlySpan<long> buffers)
    {
        var scratch = _ofThread ??= new();
        nuint length = 0;
        foreach (var bytes in buffers)
        {
            length += Aligned(bytes);
        }

        scratch._used = 0;
        if (length > scratch._length || (scratch._length > Kept && length <= Kept))
        {
            NativeMemory.AlignedFree(scratch._start);
            scratch._start = null;
            scratch._length = 0;
            scratch._start = (byte*)NativeMemory.AlignedAlloc(length, Alignment);
            scratch._length = length;
        }

        return scratch;
    }

    /// <summary>The next buffer. Its content is anything.</summary>
    internal byte* Take(long bytes)
    {
        var start = _start + _used;
        _used += Aligned(bytes);
        return start;
    }

    private static nuint Aligned(long bytes) => (checked((nuint)bytes) + Alignment - 1) / Alignment * Alignment;
}
