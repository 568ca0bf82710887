using System.Runtime.InteropServices;

namespace Moesaic.Communication;

/// <summary>What became of a message: Open MPI's MPI_Status.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal readonly struct MpiStatus
{
    /// <summary>0 where it went well.</summary>
    [FieldOffset(8)]
    internal readonly int Error;

    /// <summary>How long it was.</summary>
    [FieldOffset(16)]
    internal readonly nuint Bytes;
}
