namespace Moesaic.Kernels.Tests;

/// <summary>A test of what only a GPU has; elsewhere it is skipped, with the reason, and counted.</summary>
internal sealed class GpuTheoryAttribute : TheoryAttribute
{
    private static readonly Lazy<string?> WhyNone = new(static () =>
    {
        try
        {
            Libtorch.Cuda();
            return null;
        }
        catch (LibtorchException e)
        {
            return e.Message;
        }
    });

    public GpuTheoryAttribute() => Skip = WhyNone.Value;
}
