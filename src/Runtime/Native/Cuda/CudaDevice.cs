using System.Runtime.InteropServices;

namespace Moesaic.Native;

/// <summary>A GPU and its primary context: the one that libtorch works in, so that its memory and streams are ours too.</summary>
internal sealed class CudaDevice
{
    private const int MultiprocessorCountAttribute = 16;
    private const int MajorAttribute = 75;
    private const int MinorAttribute = 76;
    private const int SharedBytesAttribute = 97;

    private readonly nint _context;

    private CudaDevice(int index, int device, nint context)
    {
        _context = context;
        Index = index;
        Name = NameOf(device);
        Multiprocessors = Attribute(device, MultiprocessorCountAttribute);
        Capability = (Attribute(device, MajorAttribute), Attribute(device, MinorAttribute));
        SharedBytesPerBlock = Attribute(device, SharedBytesAttribute);
    }

    internal int Index { get; }

    internal string Name { get; }

    internal int Multiprocessors { get; }

    internal (int Major, int Minor) Capability { get; }

    /// <summary>What a block can have at most, after <see cref="PtxFunction"/> has asked for it.</summary>
    internal int SharedBytesPerBlock { get; }

    /// <summary>Why there is no GPU to use; null where there is one.</summary>
    internal static string? WhyNone()
    {
        try
        {
            Open(0);
            return null;
        }
        catch (CudaException e)
        {
            return e.Message;
        }
    }

    /// <summary>Takes a GPU.</summary>
    /// <exception cref="CudaException">There is no driver, or no such GPU.</exception>
    internal static CudaDevice Open(int index)
    {
        try
        {
            CudaException.ThrowIfFailed(CudaDriver.Initialize(0), "cuInit");
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new CudaException("no NVIDIA driver on this machine: libcuda.so.1 does not load", e);
        }

        CudaException.ThrowIfFailed(CudaDriver.GetDevice(out var device, index), $"GPU {index}");
        CudaException.ThrowIfFailed(CudaDriver.RetainPrimaryContext(out var context, device), $"the primary context of GPU {index}");
        return new(index, device, context);
    }

    /// <summary>Makes the GPU's context this thread's, where it is not.</summary>
    internal void MakeCurrent()
    {
        CudaException.ThrowIfFailed(CudaDriver.GetCurrentContext(out var current), "cuCtxGetCurrent");
        if (current != _context)
        {
            CudaException.ThrowIfFailed(CudaDriver.SetCurrentContext(_context), "cuCtxSetCurrent");
        }
    }

    /// <summary>The stream that libtorch launches on now, in this thread.</summary>
    internal nint TorchStream()
    {
        OperatorException.ThrowIfFailed(StableAbi.GetCurrentCudaStream(Index, out var stream), "its current CUDA stream"u8);
        return stream;
    }

    /// <summary>Whether what is queued on a stream is recorded rather than run.</summary>
    internal static bool IsCapturing(nint stream)
    {
        CudaException.ThrowIfFailed(CudaDriver.IsCapturing(stream, out var status), "cuStreamIsCapturing");
        return status != 0;
    }

    private static unsafe string NameOf(int device)
    {
        const int most = 256;
        var name = stackalloc byte[most];
        CudaException.ThrowIfFailed(CudaDriver.GetDeviceName(name, most, device), "the name of a GPU");
        return Marshal.PtrToStringUTF8((nint)name) ?? "";
    }

    private static int Attribute(int device, int attribute)
    {
        CudaException.ThrowIfFailed(CudaDriver.GetDeviceAttribute(out var value, attribute, device), $"attribute {attribute} of a GPU");
        return value;
    }
}
