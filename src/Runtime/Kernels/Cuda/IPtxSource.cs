namespace Moesaic.Kernels;

/// <summary>Where PTX comes from: files beside the assemblies, or a compiler in this process.</summary>
internal interface IPtxSource
{
    /// <summary>Why it has no kernel of that name; null where it has, or can make it.</summary>
    string? Refusal(KernelName name);

    /// <summary>The kernel; asked for only where it is not refused.</summary>
    PtxKernel Get(KernelName name);
}
