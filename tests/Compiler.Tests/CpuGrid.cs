using System.Reflection;
using ILGPU;
using ILGPU.Runtime.CPU;

namespace Moesaic.Kernels.Tests;

/// <summary>Runs a kernel on ILGPU's CPU accelerator, each thread of it a thread: slow, and right where intrinsics have bodies.</summary>
internal sealed unsafe class CpuGrid : IDisposable
{
    private readonly Context _context = Context.Create(static builder => builder.CPU(new CPUDevice(32, 32, 1)).EnableAlgorithms());
    private readonly CPUAccelerator _accelerator;

    internal CpuGrid() => _accelerator = _context.CreateCPUAccelerator(0);

    internal void Run(Type kernel, (int X, int Y) grid, int threads, int sharedBytes, params object[] arguments) =>
        Run(KernelCatalog.Method(kernel), grid, threads, sharedBytes, arguments);

    internal void Run(MethodInfo kernel, (int X, int Y) grid, int threads, int sharedBytes, params object[] arguments)
    {
        using var loaded = _accelerator.LoadKernel(kernel);
        var shared = sharedBytes == 0 ? default : SharedMemoryConfig.RequestDynamic<byte>(sharedBytes);
        loaded.Launch(_accelerator.DefaultStream, new KernelConfig(new Index3D(grid.X, grid.Y, 1), new Index3D(threads, 1, 1), shared), arguments);
        _accelerator.Synchronize();
    }

    /// <summary>Where a pinned array begins; the grid's threads are threads of this process.</summary>
    internal static long Address<T>(T[] pinned)
        where T : unmanaged => (long)System.Runtime.CompilerServices.Unsafe.AsPointer(ref pinned[0]);

    internal static T[] Pinned<T>(int length, T value)
        where T : unmanaged
    {
        var array = GC.AllocateUninitializedArray<T>(length, pinned: true);
        array.AsSpan().Fill(value);
        return array;
    }

    public void Dispose()
    {
        _accelerator.Dispose();
        _context.Dispose();
    }
}
