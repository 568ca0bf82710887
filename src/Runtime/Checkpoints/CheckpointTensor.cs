using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>A tensor in a checkpoint file: what the header says of it, and its bytes.</summary>
public sealed class CheckpointTensor
{
    private readonly SafetensorsFile _file;
    private readonly SafetensorsEntry _entry;

    internal CheckpointTensor(SafetensorsFile file, SafetensorsEntry entry)
    {
        _file = file;
        _entry = entry;
    }

    /// <summary>Its name.</summary>
    public string Name => _entry.Name;

    /// <summary>The type of its elements in the file.</summary>
    public SafetensorsDtype Dtype => _entry.Dtype;

    /// <summary>Its dimensions; none for a single number.</summary>
    public IReadOnlyList<long> Shape => _entry.Shape;

    /// <summary>The path of the file that has it.</summary>
    public string File => _file.Path;

    /// <summary>Bytes it takes.</summary>
    public long ByteLength => _entry.End - _entry.Begin;

    /// <summary>Where its bytes begin, counted from the end of the file's header.</summary>
    internal long Offset => _entry.Begin;

    /// <summary>The file, to which its bytes belong.</summary>
    internal SafetensorsFile Owner => _file;

    /// <summary>Its bytes, readable while the file is open or kept.</summary>
    internal nint Address => _file.AddressOf(_entry.Begin);

    /// <summary>Whether torch may read the bytes where they lie.</summary>
    internal bool IsAligned => IsAlignedTo(Dtype.Size);

    /// <summary>A copy in torch's memory, in the dtype of the file; the caller's.</summary>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public Tensor ToTensor() => ToTensor(_entry.Shape);

    /// <summary>The same in another shape of as many elements.</summary>
    internal unsafe Tensor ToTensor(long[] shape)
    {
        Libtorch.Load();
        var source = Address;
        var result = empty(shape, dtype: Dtype.ScalarType);
        Buffer.MemoryCopy((void*)source, (void*)Aten.DataPointer(result), ByteLength, ByteLength);
        return result;
    }

    internal bool IsAlignedTo(int bytes) => Address % bytes == 0;

    /// <summary>A tensor over the bytes themselves, in another shape of as many elements; needs <see cref="IsAligned"/>.</summary>
    internal Tensor View(ReadOnlySpan<long> shape) => BlobTensor.Over(Address, shape, Dtype.ScalarType);

    /// <summary>Lets go of the memory that reading it took; the file still has it.</summary>
    internal void ReleasePages() => MappedPages.Release(Address, ByteLength);
}
