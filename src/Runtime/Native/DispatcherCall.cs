using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace Moesaic.Native;

/// <summary>One call of a libtorch operator through its dispatcher: arguments in the order of the schema, then <see cref="Invoke"/>.</summary>
/// <remarks>
/// Who owns what: until <see cref="Invoke"/> this object owns the references it made, and Dispose gives them back. Invoke hands
/// them to libtorch, which takes them all before the operator runs, so an operator that throws leaks nothing. Should libtorch not
/// know the operator, or a type of its schema, what it had not taken by then is lost: freeing it could free it twice.
/// A refused call prints a C++ trace on standard error and gives no other reason; so check arguments before.
/// </remarks>
internal sealed unsafe class DispatcherCall : IDisposable
{
    private const int MaxArguments = 10;

    private readonly ulong[] _values = new ulong[MaxArguments];
    private readonly ArgumentKind[] _kinds = new ArgumentKind[MaxArguments];
    private int _count;

    internal DispatcherCall Add(Tensor tensor) => Push(Reference(tensor), ArgumentKind.Tensor);

    internal DispatcherCall AddOptional(Tensor? tensor) =>
        tensor is null ? AddNone() : Push(Box(Reference(tensor)), ArgumentKind.BoxedTensor);

    internal DispatcherCall AddOptional(double? number) =>
        number is { } value ? Push(Box(BitConverter.DoubleToUInt64Bits(value)), ArgumentKind.BoxedNumber) : AddNone();

    internal DispatcherCall AddNone() => Push(0, ArgumentKind.Plain);

    internal DispatcherCall Add(double number) => Push(BitConverter.DoubleToUInt64Bits(number), ArgumentKind.Plain);

    internal DispatcherCall Add(bool value) => Push(value ? 1UL : 0, ArgumentKind.Plain);

    internal DispatcherCall Add(ScalarType dtype) => Push((ulong)(int)dtype, ArgumentKind.Plain);

    internal DispatcherCall Add(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* start = bytes)
        {
            OperatorException.ThrowIfFailed(StableAbi.NewString(start, (nuint)bytes.Length, out var handle), "a string"u8);
            return Push((ulong)handle, ArgumentKind.String);
        }
    }

    internal DispatcherCall Add(params ReadOnlySpan<long> numbers)
    {
        OperatorException.ThrowIfFailed(StableAbi.NewList((nuint)numbers.Length, out var list), "a list"u8);
        Push((ulong)list, ArgumentKind.List);
        foreach (var number in numbers)
        {
            OperatorException.ThrowIfFailed(StableAbi.PushBack(list, (ulong)number), "an element of a list"u8);
        }

        return this;
    }

    /// <summary>Calls <c>aten::mm</c> or <c>aten::view</c> in its overload <c>dtype</c>; the operator returns one tensor.</summary>
    /// <param name="name">A UTF-8 literal: those end in a zero, as libtorch expects.</param>
    /// <param name="overload">Likewise; empty for the operator's main form.</param>
    /// <exception cref="OperatorException">libtorch refused the call.</exception>
    internal Tensor Invoke(ReadOnlySpan<byte> name, ReadOnlySpan<byte> overload)
    {
        // Not of the spans themselves: an empty one would pin to null.
        fixed (byte* nameStart = &MemoryMarshal.GetReference(name), overloadStart = &MemoryMarshal.GetReference(overload))
        fixed (ulong* stack = _values)
        {
            _count = 0;
            OperatorException.ThrowIfFailed(StableAbi.CallDispatcher(nameStart, overloadStart, stack), name);
            return Tensor.UnsafeCreateTensor((nint)stack[0]);
        }
    }

    /// <summary>Gives back what was not handed over.</summary>
    public void Dispose()
    {
        for (var i = 0; i < _count; i++)
        {
            Release(_values[i], _kinds[i]);
        }

        _count = 0;
    }

    private DispatcherCall Push(ulong value, ArgumentKind kind)
    {
        _values[_count] = value;
        _kinds[_count++] = kind;
        return this;
    }

    private static ulong Reference(Tensor tensor)
    {
        OperatorException.ThrowIfFailed(StableAbi.NewTensorHandle(tensor.Handle, out var handle), "a reference to a tensor"u8);
        return (ulong)handle;
    }

    /// <summary>libtorch frees the box with C++'s delete, which is free for memory of this kind on every platform it runs on.</summary>
    private static ulong Box(ulong value)
    {
        var box = (ulong*)NativeMemory.Alloc(sizeof(ulong));
        *box = value;
        return (ulong)box;
    }

    private static void Release(ulong value, ArgumentKind kind)
    {
        switch (kind)
        {
            case ArgumentKind.Tensor:
                _ = StableAbi.DeleteTensor((nint)value);
                break;
            case ArgumentKind.BoxedTensor:
                _ = StableAbi.DeleteTensor((nint)(*(ulong*)value));
                NativeMemory.Free((void*)value);
                break;
            case ArgumentKind.BoxedNumber:
                NativeMemory.Free((void*)value);
                break;
            case ArgumentKind.String:
                _ = StableAbi.DeleteString((nint)value);
                break;
            case ArgumentKind.List:
                _ = StableAbi.DeleteList((nint)value);
                break;
        }
    }
}
