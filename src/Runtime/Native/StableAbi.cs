using System.Runtime.InteropServices;

namespace Moesaic.Native;

/// <summary>The part of libtorch's stable C ABI that we call. Every function returns 0, or not 0 and a C++ trace on standard error.</summary>
/// <remarks>
/// A value travels as 64 bits: a tensor as the handle of a new reference, a double as its bits, a string and a list as a handle,
/// an optional as 0 or the address of a malloc'ed value. TorchSharp's <c>Tensor.Handle</c> is the same handle, an <c>at::Tensor*</c>.
/// </remarks>
internal static unsafe partial class StableAbi
{
    private const string TorchCpu = "torch_cpu";
    private const string TorchCuda = "torch_cuda";

    [LibraryImport(TorchCpu, EntryPoint = "aoti_torch_call_dispatcher")]
    internal static partial int CallDispatcher(byte* name, byte* overload, ulong* stack);

    [LibraryImport(TorchCpu, EntryPoint = "aoti_torch_new_tensor_handle")]
    internal static partial int NewTensorHandle(nint tensor, out nint handle);

    [LibraryImport(TorchCpu, EntryPoint = "aoti_torch_new_uninitialized_tensor")]
    internal static partial int NewUndefinedTensor(out nint handle);

    [LibraryImport(TorchCpu, EntryPoint = "aoti_torch_delete_tensor_object")]
    internal static partial int DeleteTensor(nint handle);

    [LibraryImport(TorchCpu, EntryPoint = "aoti_torch_is_defined")]
    internal static partial int IsDefined(nint handle, out byte defined);

    [LibraryImport(TorchCpu, EntryPoint = "aoti_torch_get_data_ptr")]
    internal static partial int GetDataPointer(nint tensor, out nint data);

    [LibraryImport(TorchCuda, EntryPoint = "aoti_torch_get_current_cuda_stream")]
    internal static partial int GetCurrentCudaStream(int device, out nint stream);

    [LibraryImport(TorchCuda, EntryPoint = "aoti_torch_create_cuda_stream_guard")]
    internal static partial int NewStreamGuard(nint stream, int device, out nint guard);

    [LibraryImport(TorchCuda, EntryPoint = "aoti_torch_delete_cuda_stream_guard")]
    internal static partial int DeleteStreamGuard(nint guard);

    [LibraryImport(TorchCpu, EntryPoint = "torch_new_string_handle")]
    internal static partial int NewString(byte* text, nuint length, out nint handle);

    [LibraryImport(TorchCpu, EntryPoint = "torch_string_length")]
    internal static partial int GetStringLength(nint handle, out nuint length);

    [LibraryImport(TorchCpu, EntryPoint = "torch_string_c_str")]
    internal static partial int GetStringBytes(nint handle, out byte* text);

    [LibraryImport(TorchCpu, EntryPoint = "torch_delete_string")]
    internal static partial int DeleteString(nint handle);

    [LibraryImport(TorchCpu, EntryPoint = "torch_new_list_reserve_size")]
    internal static partial int NewList(nuint capacity, out nint handle);

    [LibraryImport(TorchCpu, EntryPoint = "torch_list_push_back")]
    internal static partial int PushBack(nint list, ulong value);

    [LibraryImport(TorchCpu, EntryPoint = "torch_delete_list")]
    internal static partial int DeleteList(nint handle);

    [LibraryImport(TorchCpu, EntryPoint = "aoti_torch_library_init_fragment")]
    internal static partial int NewFragment(byte* operatorNamespace, byte* file, uint line, out nint library);

    [LibraryImport(TorchCpu, EntryPoint = "aoti_torch_library_init_impl")]
    internal static partial int NewImplementation(byte* operatorNamespace, byte* dispatchKey, byte* file, uint line, out nint library);

    [LibraryImport(TorchCpu, EntryPoint = "aoti_torch_library_def")]
    internal static partial int Define(nint library, byte* schema);

    [LibraryImport(TorchCpu, EntryPoint = "aoti_torch_library_impl")]
    internal static partial int Implement(nint library, byte* name, delegate* unmanaged<ulong*, ulong, ulong, void> kernel);
}
