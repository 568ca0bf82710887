namespace Moesaic.Kernels;

/// <summary>The GPU that PTX is made for.</summary>
/// <param name="Architecture"><c>sm_80</c>, or <c>sm_90a</c> where instructions of that chip alone are used.</param>
/// <param name="PtxVersion">The oldest version of the language that has what the kernels use, so that old drivers read it.</param>
public sealed record KernelTarget(string Architecture, string PtxVersion)
{
    /// <summary>Ampere and all that came after.</summary>
    public static KernelTarget Ampere { get; } = new("sm_80", "8.0");

    /// <summary>Hopper and all that came after, with launches that start early.</summary>
    public static KernelTarget HopperOrLater { get; } = new("sm_90", "8.0");

    /// <summary>Hopper alone, with wgmma and setmaxnreg; other chips refuse it.</summary>
    public static KernelTarget Hopper { get; } = new("sm_90a", "8.0");

    internal bool HasEarlyStart => this != Ampere;

    /// <summary>What the kernels that need no instruction of one chip are compiled for.</summary>
    internal static KernelTarget Of((int Major, int Minor) capability) => capability.Major >= 9 ? HopperOrLater : Ampere;
}
