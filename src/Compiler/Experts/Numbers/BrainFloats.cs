namespace Moesaic.Kernels;

/// <summary>bfloat16.</summary>
internal readonly struct BrainFloats : IElement
{
    public static string PtxName => "bf16";

    public static float Low(uint pair) => BrainFloat.Low(pair);

    public static float High(uint pair) => BrainFloat.High(pair);

    public static uint Pack(float low, float high) => BrainFloat.Pack(low, high);

    public static float Load(long address) => GlobalMemory.LoadBrainFloat(address);

    public static void Store(long address, float value) => GlobalMemory.StoreBrainFloat(address, value);
}
