namespace Moesaic.Kernels.Tests;

/// <summary>A text that says which kernel it would be.</summary>
internal sealed class FakePtx : IPtxSource
{
    public string? Refusal(KernelName name) => null;

    public PtxKernel Get(KernelName name) => new("Kernel_Run", $".entry {name}\n") { Threads = 128, SharedBytes = 1024, SharedBytesPerExpert = 4 };
}
