namespace Moesaic.Native;

/// <summary>Operators of ours in libtorch's dispatcher. Registered for the life of the process.</summary>
internal static unsafe class OperatorLibrary
{
    /// <summary>Makes an operator known.</summary>
    /// <param name="library">Its namespace. All texts are UTF-8 literals, which end in a zero.</param>
    /// <param name="schema"><c>twice(Tensor x) -> Tensor</c>.</param>
    /// <exception cref="OperatorException">libtorch refused the schema, or knows one of that name.</exception>
    internal static void Define(ReadOnlySpan<byte> library, ReadOnlySpan<byte> schema)
    {
        fixed (byte* libraryStart = library, schemaStart = schema, file = "Moesaic"u8)
        {
            OperatorException.ThrowIfFailed(StableAbi.NewFragment(libraryStart, file, 0, out var handle), library);
            OperatorException.ThrowIfFailed(StableAbi.Define(handle, schemaStart), schema);
        }
    }

    /// <summary>Gives an operator a kernel for tensors of one dispatch key.</summary>
    /// <param name="dispatchKey">CPU, CUDA, Meta.</param>
    /// <param name="kernel">
    /// Takes a stack, owns each argument on it, leaves its results there. An exception that left it would end the process.
    /// </param>
    /// <exception cref="OperatorException">libtorch refused it.</exception>
    internal static void Implement(
        ReadOnlySpan<byte> library, ReadOnlySpan<byte> name, ReadOnlySpan<byte> dispatchKey, delegate* unmanaged<ulong*, ulong, ulong, void> kernel)
    {
        fixed (byte* libraryStart = library, nameStart = name, keyStart = dispatchKey, file = "Moesaic"u8)
        {
            OperatorException.ThrowIfFailed(StableAbi.NewImplementation(libraryStart, keyStart, file, 0, out var handle), dispatchKey);
            OperatorException.ThrowIfFailed(StableAbi.Implement(handle, nameStart, kernel), name);
        }
    }
}
