using System.Runtime.InteropServices;

namespace Moesaic.Communication;

/// <summary>How ranks find each other: one makes it, and all have it before they join. It travels by value.</summary>
[StructLayout(LayoutKind.Sequential, Size = Length)]
internal unsafe struct NcclUniqueId
{
    internal const int Length = 128;

    internal fixed byte Bytes[Length];
}
