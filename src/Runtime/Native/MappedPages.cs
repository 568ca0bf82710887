using System.Runtime.InteropServices;

namespace Moesaic.Native;

/// <summary>The pages of a mapped file that are in memory.</summary>
internal static partial class MappedPages
{
    private const int DontNeed = 4; // MADV_DONTNEED, the same on every Linux architecture that .NET runs on.

    /// <summary>Lets go of the whole pages in a range; the next access reads them from the file again. Does nothing outside Linux.</summary>
    /// <remarks>A write to these pages is lost: they are those of a private mapping.</remarks>
    internal static void Release(nint start, long length)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        long page = Environment.SystemPageSize;
        var first = (start + page - 1) / page * page; // Inwards: the pages at either end are partly a neighbour's.
        var end = (start + length) / page * page;
        if (first < end)
        {
            _ = Advise((nint)first, (nuint)(end - first), DontNeed); // Advice only: memory is merely freed later if it fails.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nuint length, int advice);
}
