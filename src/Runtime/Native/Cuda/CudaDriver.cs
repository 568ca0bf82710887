using System.Runtime.InteropServices;

namespace Moesaic.Native;

/// <summary>The part of NVIDIA's driver API that we call. Every function returns 0, or a CUresult.</summary>
internal static unsafe partial class CudaDriver
{
    /// <summary>nvcuda.dll on Windows; elsewhere the resolver of <see cref="Libtorch"/> answers with libcuda.so.1.</summary>
    internal const string Library = "nvcuda";

    [LibraryImport(Library, EntryPoint = "cuInit")]
    internal static partial int Initialize(uint flags);

    [LibraryImport(Library, EntryPoint = "cuDeviceGet")]
    internal static partial int GetDevice(out int device, int ordinal);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetAttribute")]
    internal static partial int GetDeviceAttribute(out int value, int attribute, int device);

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxRetain")]
    internal static partial int RetainPrimaryContext(out nint context, int device);

    [LibraryImport(Library, EntryPoint = "cuCtxGetCurrent")]
    internal static partial int GetCurrentContext(out nint context);

    [LibraryImport(Library, EntryPoint = "cuCtxSetCurrent")]
    internal static partial int SetCurrentContext(nint context);

    [LibraryImport(Library, EntryPoint = "cuModuleLoadDataEx")]
    internal static partial int LoadModule(out nint module, byte* image, uint optionCount, int* options, void** values);

    [LibraryImport(Library, EntryPoint = "cuModuleUnload")]
    internal static partial int UnloadModule(nint module);

    [LibraryImport(Library, EntryPoint = "cuModuleGetFunction", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int GetFunction(out nint function, nint module, string name);

    [LibraryImport(Library, EntryPoint = "cuFuncGetAttribute")]
    internal static partial int GetFunctionAttribute(out int value, int attribute, nint function);

    [LibraryImport(Library, EntryPoint = "cuFuncSetAttribute")]
    internal static partial int SetFunctionAttribute(nint function, int attribute, int value);

    [LibraryImport(Library, EntryPoint = "cuLaunchKernelEx")]
    internal static partial int Launch(LaunchConfiguration* configuration, nint function, void** arguments, void** extra);

    [LibraryImport(Library, EntryPoint = "cuStreamCreate")]
    internal static partial int NewStream(out nint stream, uint flags);

    [LibraryImport(Library, EntryPoint = "cuStreamDestroy_v2")]
    internal static partial int DestroyStream(nint stream);

    [LibraryImport(Library, EntryPoint = "cuStreamSynchronize")]
    internal static partial int SynchronizeStream(nint stream);

    [LibraryImport(Library, EntryPoint = "cuStreamEndCapture")]
    internal static partial int EndCapture(nint stream, out nint graph);

    [LibraryImport(Library, EntryPoint = "cuMemAllocHost_v2")]
    internal static partial int NewHostMemory(out void* memory, nuint bytes);

    [LibraryImport(Library, EntryPoint = "cuMemFreeHost")]
    internal static partial int FreeHostMemory(void* memory);

    [LibraryImport(Library, EntryPoint = "cuMemcpyDtoHAsync_v2")]
    internal static partial int CopyToHost(void* target, nint source, nuint bytes, nint stream);

    [LibraryImport(Library, EntryPoint = "cuEventCreate")]
    internal static partial int NewEvent(out nint handle, uint flags);

    [LibraryImport(Library, EntryPoint = "cuEventRecord")]
    internal static partial int RecordEvent(nint handle, nint stream);

    [LibraryImport(Library, EntryPoint = "cuEventSynchronize")]
    internal static partial int WaitForEvent(nint handle);

    [LibraryImport(Library, EntryPoint = "cuEventDestroy_v2")]
    internal static partial int DestroyEvent(nint handle);

    [LibraryImport(Library, EntryPoint = "cuTensorMapEncodeTiled")]
    internal static partial int EncodeTensorMap(
        TensorMap* map, int dataType, uint rank, nint address, ulong* sizes, ulong* strides, uint* box, uint* elementStrides, int interleave, int swizzle, int promotion, int fill);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetName")]
    internal static partial int GetDeviceName(byte* name, int length, int device);

    [LibraryImport(Library, EntryPoint = "cuStreamIsCapturing")]
    internal static partial int IsCapturing(nint stream, out int status);

    [LibraryImport(Library, EntryPoint = "cuEventElapsedTime")]
    internal static partial int ElapsedTime(out float milliseconds, nint start, nint end);

    [LibraryImport(Library, EntryPoint = "cuEventQuery")]
    internal static partial int QueryEvent(nint marker);

    [LibraryImport(Library, EntryPoint = "cuGetErrorName")]
    internal static partial int GetErrorName(int error, out byte* name);

    [LibraryImport(Library, EntryPoint = "cuGetErrorString")]
    internal static partial int GetErrorText(int error, out byte* text);

    /// <summary>CUlaunchConfig.</summary>
    internal struct LaunchConfiguration
    {
        internal uint GridX;
        internal uint GridY;
        internal uint GridZ;
        internal uint BlockX;
        internal uint BlockY;
        internal uint BlockZ;
        internal uint SharedBytes;
        internal nint Stream;
        internal LaunchAttribute* Attributes;
        internal uint AttributeCount;
    }

    /// <summary>CUlaunchAttribute: an id, and a union of 64 bytes of which we use the first three numbers.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 72)]
    internal struct LaunchAttribute
    {
        internal const int ClusterDimension = 4;
        internal const int ProgrammaticStreamSerialization = 6;

        [FieldOffset(0)]
        internal int Id;

        [FieldOffset(8)]
        internal uint X;

        [FieldOffset(12)]
        internal uint Y;

        [FieldOffset(16)]
        internal uint Z;
    }
}
