namespace Moesaic.Kernels.Cpu;

/// <summary>Pieces of rows between float32 and bfloat16.</summary>
internal static unsafe class Bfloat16Rows<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    private static int Block => 2 * sizeof(TVector) / sizeof(float);

    internal static void Load(ushort* source, float* target, int count)
    {
        var i = 0;
        for (; i + Block <= count; i += Block)
        {
            var (first, second) = TLanes.LoadBfloat16InOrder((byte*)(source + i));
            TLanes.Store(first, target + i);
            TLanes.Store(second, target + i + (Block / 2));
        }

        for (; i < count; i++)
        {
            target[i] = Bfloat16.ToSingle(source[i]);
        }
    }

    /// <summary>Rounds to nearest, ties to even.</summary>
    internal static void Store(float* source, ushort* target, int count)
    {
        var i = 0;
        for (; i + Block <= count; i += Block)
        {
            TLanes.StoreBfloat16(TLanes.Load(source + i), TLanes.Load(source + i + (Block / 2)), (byte*)(target + i));
        }

        for (; i < count; i++)
        {
            target[i] = Bfloat16.Round(source[i]);
        }
    }
}
