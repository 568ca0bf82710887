using Moesaic.Native;

namespace Moesaic.Kernels;

/// <summary>A kernel on a GPU.</summary>
internal sealed class LoadedKernel
{
    private readonly PtxModule _module;
    private readonly PtxKernel _ptx;

    internal LoadedKernel(CudaDevice device, string name, PtxKernel ptx)
    {
        _module = new(device, name, ptx.Text);
        _ptx = ptx;
        Function = _module.Function(ptx.EntryPoint, 0);
        Name = name;
    }

    internal string Name { get; }

    internal PtxFunction Function { get; }

    /// <summary>Of a block.</summary>
    internal int Threads => _ptx.Threads;

    /// <summary>Registers, spills and warnings, as the driver told them.</summary>
    internal string Log => _module.Log;

    /// <summary>Of a block.</summary>
    internal int SharedBytes(int experts = 0) => _ptx.SharedBytes + (_ptx.SharedBytesPerExpert * experts);
}
