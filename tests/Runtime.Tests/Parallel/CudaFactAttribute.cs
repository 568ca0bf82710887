namespace Moesaic.Tests.Communication;

/// <summary>A test on a GPU; skipped, and counted, where there is none.</summary>
public sealed class CudaFactAttribute : FactAttribute
{
    private static readonly string? Reason = WhyNot();

    public CudaFactAttribute() => Skip = Reason;

    private static string? WhyNot()
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
    }
}
