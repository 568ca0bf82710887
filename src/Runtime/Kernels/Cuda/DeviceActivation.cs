using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Moesaic.Kernels;

/// <summary>An activation as kernels on a GPU get it: the type they are compiled for, and its numbers.</summary>
internal sealed class DeviceActivation
{
    private DeviceActivation(Type type, bool isGated, Numbers values) => (Type, IsGated, Values) = (type, isGated, values);

    internal Type Type { get; }

    internal bool IsGated { get; }

    /// <summary>The struct's bytes. A kernel reads as many as its parameter has.</summary>
    internal Numbers Values { get; }

    /// <summary>Null where the struct holds references, or more than a parameter takes.</summary>
    internal static DeviceActivation? Of<TActivation>(TActivation activation)
        where TActivation : struct, IExpertActivation
    {
        Numbers values = default;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TActivation>() || Unsafe.SizeOf<TActivation>() > Unsafe.SizeOf<Numbers>())
        {
            return null;
        }

        MemoryMarshal.AsBytes(new ReadOnlySpan<TActivation>(in activation)).CopyTo(values);
        return new(typeof(TActivation), TActivation.IsGated, values);
    }

    /// <summary>Enough for the numbers of an activation.</summary>
    [InlineArray(64)]
    internal struct Numbers
    {
        private byte _first;
    }
}
