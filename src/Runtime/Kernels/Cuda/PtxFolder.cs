namespace Moesaic.Kernels;

/// <summary>The files of PTX in a folder, opened when a kernel is first asked for.</summary>
internal sealed class PtxFolder(string folder) : IPtxSource
{
    private readonly Lazy<PtxBundle[]> _bundles = new(() =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, $"*{PtxBundle.Extension}").Order(StringComparer.Ordinal).Select(PtxBundle.Open)] : []);

    /// <inheritdoc/>
    /// <remarks>Empty where there is no file at all.</remarks>
    public string? Refusal(KernelName name)
    {
        var refusals = new List<string>();
        foreach (var bundle in _bundles.Value)
        {
            if (bundle.Refusal(name) is not { } refusal)
            {
                return null;
            }

            refusals.Add(refusal);
        }

        return string.Join("; ", refusals);
    }

    public PtxKernel Get(KernelName name) => _bundles.Value.First(bundle => bundle.Refusal(name) is null).Get(name);
}
