using System.Reflection;
using Moesaic.Native;

namespace Moesaic.Kernels;

/// <summary>A kernel class, compiled for type arguments, on a GPU.</summary>
internal sealed class LoadedKernel : IDisposable
{
    private readonly PtxModule _module;

    /// <summary>Compiles or finds the method <c>Run</c> of <paramref name="kernel"/>.</summary>
    internal LoadedKernel(CudaDevice device, PtxCache cache, Type kernel, Type[] arguments, KernelBounds bounds, int sharedBytes, KernelTarget? target = null)
    {
        var ptx = cache.Get(Method(kernel, arguments), bounds, target ?? KernelTarget.Of(device.Capability));
        _module = new(device, kernel.Name, ptx.Text);
        Function = _module.Function(ptx.EntryPoint, sharedBytes);
        Name = kernel.Name;
    }

    internal string Name { get; }

    internal PtxFunction Function { get; }

    /// <summary>Registers, spills and warnings, as the driver told them.</summary>
    internal string Log => _module.Log;

    internal static MethodInfo Method(Type kernel, params Type[] arguments)
    {
        var method = kernel.GetMethod("Run", BindingFlags.Static | BindingFlags.NonPublic)!;
        return arguments.Length == 0 ? method : method.MakeGenericMethod(arguments);
    }

    public void Dispose() => _module.Dispose();
}
