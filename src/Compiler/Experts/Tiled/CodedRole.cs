namespace Moesaic.Kernels;

/// <summary>A product whose weights are codes: fewer stages, since codes in flight take room of their own.</summary>
internal readonly struct CodedRole<TRole> : ITiledRole
    where TRole : struct, ITiledRole
{
    public static bool IsDown => TRole.IsDown;

    public static string PtxName => TRole.PtxName;

    public static int Stages => 3;

    public static bool HasTokensLeft => false;

    public static uint Pack(float low, float high) => TRole.Pack(low, high);

    public static float Load(long address) => TRole.Load(address);
}
