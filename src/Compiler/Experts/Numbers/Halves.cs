namespace Moesaic.Kernels;

/// <summary>float16.</summary>
internal readonly struct Halves : IElement
{
    public static string PtxName => "f16";

    public static float Low(uint pair) => HalfFloat.Low(pair);

    public static float High(uint pair) => HalfFloat.High(pair);

    public static uint Pack(float low, float high) => HalfFloat.Pack(low, high);

    public static float Load(long address) => GlobalMemory.LoadHalf(address);

    public static void Store(long address, float value) => GlobalMemory.StoreHalf(address, value);
}
