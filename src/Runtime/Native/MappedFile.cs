using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Moesaic.Native;

/// <summary>A file as memory. Nothing is read before it is used, and a write changes this process's copy of a page, never the file.</summary>
internal sealed class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _accessor;

    /// <summary>Maps a file.</summary>
    /// <exception cref="IOException">It is missing or cannot be mapped.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    internal MappedFile(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        try
        {
            Length = stream.Length;
            if (Length > 0) // An empty file cannot be mapped.
            {
                _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.CopyOnWrite, HandleInheritability.None, leaveOpen: false);
                _accessor = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.CopyOnWrite);
            }
        }
        finally
        {
            if (_accessor is null)
            {
                _file?.Dispose();
                stream.Dispose();
            }
        }
    }

    internal long Length { get; }

    private SafeMemoryMappedViewHandle View => _accessor?.SafeMemoryMappedViewHandle ?? throw new ObjectDisposedException(nameof(MappedFile));

    /// <summary>The address of the first byte.</summary>
    /// <exception cref="ObjectDisposedException">The file is closed, or empty.</exception>
    internal nint Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(View.IsClosed, this);
            return View.DangerousGetHandle();
        }
    }

    /// <summary>Keeps the memory valid beyond <see cref="Dispose"/>, until what is returned is disposed.</summary>
    internal IDisposable Keep() => new Lease(View);

    /// <summary>Unmaps the file, unless somebody keeps it.</summary>
    public void Dispose()
    {
        _accessor?.Dispose();
        _file?.Dispose();
    }

    private sealed class Lease : IDisposable
    {
        private SafeMemoryMappedViewHandle? _view;

        internal Lease(SafeMemoryMappedViewHandle view)
        {
            var added = false;
            view.DangerousAddRef(ref added);
            _view = view;
        }

        public void Dispose() => Interlocked.Exchange(ref _view, null)?.DangerousRelease();
    }
}
