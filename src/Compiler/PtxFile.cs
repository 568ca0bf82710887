using System.Reflection;

namespace Moesaic.Kernels;

/// <summary>Makes the file of PTX that lies beside a program: all kernels that its models can ask for, for every GPU.</summary>
public static class PtxFile
{
    /// <summary>The end of such a file's name; programs find those in their own folder.</summary>
    public static string Extension => PtxBundle.Extension;

    /// <summary>What weights can be that there are kernels for.</summary>
    public static IReadOnlyCollection<string> Formats => [.. WeightFormats.ByName.Keys];

    /// <summary>Compiles what is in no cache yet, and writes the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="assemblies">Of models; one that declares none adds nothing.</param>
    /// <param name="formats">Some of <see cref="Formats"/>: of weights that will be computed with. None for all.</param>
    /// <returns>The activations; where there is none, no file is written.</returns>
    /// <exception cref="KernelCompilationException">An activation uses what a kernel cannot have.</exception>
    public static IReadOnlyList<string> Write(string path, IEnumerable<Assembly> assemblies, params IEnumerable<string> formats) =>
        Write(path, [.. assemblies.SelectMany(ModelActivations.Of).Distinct()], new CompiledPtx(PtxCache.OfUser), [.. formats.Select(static name => WeightFormats.ByName[name])]);

    internal static IReadOnlyList<string> Write(string path, IReadOnlyList<Type> activations, IPtxSource source, params IReadOnlyCollection<WeightFormat> formats)
    {
        if (activations.Count == 0)
        {
            return [];
        }

        KernelName[] names = [.. NeededKernels.OfAll(formats), .. activations.SelectMany(activation => NeededKernels.Of(activation, formats))];
        try
        {
            // The longest of them take seconds, each on a thread of its own.
            var kernels = names.AsParallel().AsOrdered().Select(name => (name, source.Get(name))).ToArray();
            PtxBundle.Write(path, activations.Select(static activation => activation.Assembly).Append(typeof(PtxBundle).Assembly).Distinct(), kernels);
        }
        catch (AggregateException e) when (e.InnerException is KernelCompilationException cause)
        {
            throw new KernelCompilationException(cause.Message, cause);
        }

        return [.. activations.Select(static activation => activation.Name)];
    }
}
