namespace Moesaic.Kernels;

/// <summary>All sources of PTX in this process, in the order in which they are asked.</summary>
internal sealed class PtxSources : IPtxSource
{
    private const string Advice =
        "publish with -p:MoesaicPtx=true, which puts a file of PTX beside the program, or reference Moesaic.Compiler and call RuntimeCompilation.Enable()";

    private readonly Lock _lock = new();
    private IPtxSource[] _sources;

    internal PtxSources(params IPtxSource[] sources) => _sources = sources;

    /// <summary>Those of this process: PTX beside the program, and what a host has added.</summary>
    internal static PtxSources OfProcess { get; } = new(new PtxFolder(AppContext.BaseDirectory));

    /// <summary>Adds the files of a folder, to be asked before those that are there.</summary>
    internal void AddFolder(string folder)
    {
        lock (_lock)
        {
            _sources = [new PtxFolder(folder), .. _sources];
        }
    }

    /// <summary>Adds one, to be asked after those that are there.</summary>
    internal void Add(IPtxSource source)
    {
        lock (_lock)
        {
            _sources = [.. _sources, source];
        }
    }

    public string? Refusal(KernelName name)
    {
        var refusals = new List<string>();
        foreach (var source in _sources)
        {
            if (source.Refusal(name) is not { } refusal)
            {
                return null;
            }

            refusals.Add(refusal);
        }

        return $"no PTX for {name.Activation?.Name ?? name.Kernel.ToString()}: {string.Join("; ", [.. refusals.Where(static refusal => refusal.Length > 0), Advice])}";
    }

    public PtxKernel Get(KernelName name) =>
        _sources.FirstOrDefault(source => source.Refusal(name) is null)?.Get(name) ?? throw new CudaException(Refusal(name)!);
}
