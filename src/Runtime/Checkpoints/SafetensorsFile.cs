using System.Buffers.Binary;
using Moesaic.Native;

namespace Moesaic.Checkpoints;

/// <summary>A safetensors file, mapped: opening it reads its header, a tensor's bytes are read when they are used.</summary>
/// <remarks>While it is open, and while a model holds parameters that lie in it, the file must not be shortened or rewritten in place.</remarks>
public sealed class SafetensorsFile : IDisposable
{
    private const int Prefix = sizeof(ulong);
    private const ulong LongestHeader = 100_000_000; // The limit of the reference implementation.

    private readonly MappedFile _file;
    private readonly long _dataStart;

    private SafetensorsFile(string path, MappedFile file)
    {
        Path = path;
        _file = file;
        var header = ReadHeader();
        _dataStart = Prefix + header.Length;
        Tensors = [.. SafetensorsHeader.Parse(header, file.Length - _dataStart, path).Select(entry => new CheckpointTensor(this, entry))];
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Its tensors, in the order of the header.</summary>
    public IReadOnlyList<CheckpointTensor> Tensors { get; }

    /// <summary>Opens a file and checks its whole header.</summary>
    /// <exception cref="CheckpointException">It is missing, cannot be read, is no safetensors file, or contradicts itself.</exception>
    public static SafetensorsFile Open(string path)
    {
        MappedFile? file = null;
        try
        {
            file = new(path);
            return new(path, file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CheckpointException.Of(path, "a safetensors file", "none", "check the path, or download the file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw CheckpointException.Of(path, "a safetensors file", $"one that cannot be read: {e.Message}", "check the path and its permissions", e);
        }
        catch (CheckpointException)
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>Unmaps the file; parameters that lie in it keep it mapped for as long as their model lives.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Keeps the bytes valid beyond <see cref="Dispose"/>, until what is returned is disposed.</summary>
    internal IDisposable Keep() => _file.Keep();

    /// <summary>The address of a byte of data; <paramref name="offset"/> as the header counts.</summary>
    internal nint AddressOf(long offset) => (nint)(_file.Address + _dataStart + offset);

    private unsafe ReadOnlySpan<byte> ReadHeader()
    {
        const string advice = "the file is cut short or no safetensors file: download it again";
        if (_file.Length < Prefix)
        {
            throw CheckpointException.Of(Path, $"a safetensors file of at least {Prefix} bytes", $"{_file.Length} bytes", advice);
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>((void*)_file.Address, Prefix));
        var most = Math.Min(LongestHeader, (ulong)_file.Length - Prefix);
        return length <= most
            ? new ReadOnlySpan<byte>((void*)(_file.Address + Prefix), (int)length)
            : throw CheckpointException.Of(Path, $"a header of at most {most} bytes", $"a length of {length}", advice);
    }
}
