using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Moesaic.Kernels;

/// <summary>C# methods to PTX, on any machine: no GPU and no CUDA toolkit is needed.</summary>
/// <remarks>
/// A kernel is a static method that returns nothing. It runs once for each thread of a grid of blocks; <c>Group</c> and <c>Grid</c> of
/// ILGPU tell which. What it may use is a part of C#: structs, generics over structs, static abstract members, no objects.
/// </remarks>
public static class KernelCompiler
{
    /// <summary>What wrote the PTX, for caches.</summary>
    internal static string Version { get; } = $"ILGPU {typeof(Context).Assembly.GetName().Version}";

    /// <summary>Compiles a method. <see cref="PtxCache"/> does it once.</summary>
    /// <exception cref="KernelCompilationException">The method uses what a kernel cannot have.</exception>
    public static PtxKernel Compile(MethodInfo method, KernelBounds bounds, KernelTarget target)
    {
        // A context of its own for each kernel: a failed compilation spoils it for all that follow.
        using var context = Context.Create(builder => builder
            .Optimize(OptimizationLevel.O1).Math(MathMode.Fast).EnableAlgorithms().WithPtxIntrinsics());
        using var backend = new PTXBackend(context, CudaArchitecture.SM_90, CudaInstructionSet.ISA_80, nvvmAPI: null!).For(target);
        var specialization = new KernelSpecialization(bounds.Threads, bounds.BlocksPerProcessor);
        try
        {
            var compiled = (PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(method), specialization);

            // All are called Run in C#: profilers and memory checkers are to tell them apart.
            var name = $"moesaic_{method.DeclaringType!.Name}";
            return new(name, PtxText.Mend(compiled.PTXAssembly.Replace(compiled.Name, name, StringComparison.Ordinal), target));
        }
        catch (Exception e) when (e is InternalCompilerException or NotSupportedException or KernelCompilationException or TargetInvocationException)
        {
            throw new KernelCompilationException($"{method.DeclaringType?.Name}.{method.Name}: {Reason(e)}", e);
        }
    }

    private static string Reason(Exception e) =>
        string.Join(": ", Causes(e).Select(static cause => cause.Message.ReplaceLineEndings(" ").Trim()).Distinct(StringComparer.Ordinal));

    private static IEnumerable<Exception> Causes(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }
}
