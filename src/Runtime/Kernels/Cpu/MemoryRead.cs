using System.Numerics;
using System.Runtime.CompilerServices;
using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Kernels.Cpu;

/// <summary>A plain read of memory by the threads that run experts: what their speed is measured against.</summary>
internal static unsafe class MemoryRead
{
    private const long Part = 1 << 18;

    /// <summary>Reads every byte, but for the last few.</summary>
    internal static void Run(Tensor memory)
    {
        var start = (byte*)Aten.DataPointer(memory);
        var parts = (int)(memory.numel() * memory.element_size() / Part);
        Team.Shared.Run(parts, parts * Part, part => Read(start + (part * Part)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static ulong Read(byte* start)
    {
        var (a, b, c, d) = (Vector<ulong>.Zero, Vector<ulong>.Zero, Vector<ulong>.Zero, Vector<ulong>.Zero);
        var size = Vector<byte>.Count;
        for (var at = start; at < start + Part; at += 4 * size)
        {
            a ^= Vector.Load((ulong*)at);
            b ^= Vector.Load((ulong*)(at + size));
            c ^= Vector.Load((ulong*)(at + (2 * size)));
            d ^= Vector.Load((ulong*)(at + (3 * size)));
        }

        return Vector.Sum(a ^ b ^ c ^ d);
    }
}
