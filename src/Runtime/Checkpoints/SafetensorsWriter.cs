using System.Buffers.Binary;
using System.Text.Json;
using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>Writes a safetensors file, tensor by tensor, so that a checkpoint need never be in memory as a whole.</summary>
/// <remarks>
/// The header comes first, so names, dtypes and shapes are stated at the start. Tensors follow each other without gaps, as
/// other readers demand: state wide dtypes before narrow ones, so that each is aligned and can be used in place.
/// The file takes its name when it is complete.
/// </remarks>
public sealed class SafetensorsWriter : IDisposable
{
    private const int Alignment = 8;
    private const int LargestWrite = 1 << 30;

    private readonly string _path;
    private readonly IReadOnlyList<(string Name, ScalarType Dtype, long[] Shape)> _tensors;
    private readonly FileStream _stream;
    private int _written;
    private bool _complete;

    /// <summary>Starts a file.</summary>
    /// <param name="tensors">The tensors, in the order in which they will be written.</param>
    /// <exception cref="ArgumentException">A dtype that the format lacks, or a name twice.</exception>
    public SafetensorsWriter(string path, IReadOnlyList<(string Name, ScalarType Dtype, long[] Shape)> tensors)
    {
        _path = path;
        _tensors = tensors;
        var header = Header(tensors);
        _stream = new FileStream(Partial(path), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        _stream.Write(header);
    }

    /// <summary>Writes a file of tensors that are in memory.</summary>
    /// <exception cref="ArgumentException">A dtype that the format lacks, or a name twice.</exception>
    public static void Write(string path, params IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        using var writer = new SafetensorsWriter(path, [.. tensors.Select(item => (item.Name, item.Tensor.dtype, item.Tensor.shape))]);
        foreach (var (_, tensor) in tensors)
        {
            writer.Write(tensor);
        }

        writer.Complete();
    }

    /// <summary>Writes the next tensor, from any device.</summary>
    /// <exception cref="ArgumentException">Its dtype or shape is not what was stated, or all are written.</exception>
    public void Write(Tensor tensor)
    {
        if (_written == _tensors.Count || tensor.dtype != _tensors[_written].Dtype || !tensor.shape.SequenceEqual(_tensors[_written].Shape))
        {
            var expected = _written == _tensors.Count ? "no more tensors" : $"{_tensors[_written].Name} {TensorShape.Text(_tensors[_written].Shape)}";
            throw new ArgumentException($"{_path}: expected {expected}, found {tensor.dtype} {TensorShape.Text(tensor.shape)}", nameof(tensor));
        }

        using var near = tensor.cpu();
        using var dense = near.contiguous();
        WriteBytes(dense);
        _written++;
    }

    /// <summary>Gives the file its name.</summary>
    /// <exception cref="InvalidOperationException">Tensors are missing.</exception>
    public void Complete()
    {
        if (_written < _tensors.Count)
        {
            throw new InvalidOperationException($"{_path}: {_tensors[_written].Name} is stated and not written");
        }

        _stream.Dispose();
        File.Move(Partial(_path), _path, overwrite: true);
        _complete = true;
    }

    /// <summary>Deletes what was written if the file is not complete.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        if (!_complete)
        {
            File.Delete(Partial(_path));
        }
    }

    private static string Partial(string path) => $"{path}.partial";

    private static byte[] Header(IReadOnlyList<(string Name, ScalarType Dtype, long[] Shape)> tensors)
    {
        using var buffer = new MemoryStream();
        buffer.Write(stackalloc byte[sizeof(ulong)]);
        using (var json = new Utf8JsonWriter(buffer))
        {
            WriteHeader(json, tensors);
        }

        while (buffer.Length % Alignment != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        var bytes = buffer.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - sizeof(ulong));
        return bytes;
    }

    private static void WriteHeader(Utf8JsonWriter json, IReadOnlyList<(string Name, ScalarType Dtype, long[] Shape)> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { "__metadata__" };
        var offset = 0L;
        json.WriteStartObject();
        json.WriteStartObject("__metadata__");
        json.WriteString("format", "pt"); // Other readers want to know whose tensors these are.
        json.WriteEndObject();
        foreach (var (name, scalarType, shape) in tensors)
        {
            var dtype = SafetensorsDtype.Of(scalarType);
            if (!names.Add(name) || !TensorShape.TryCountBytes(shape, dtype.Size, out var bytes))
            {
                throw new ArgumentException($"{name} is there twice, is reserved, or is too large", nameof(tensors));
            }

            json.WriteStartObject(name);
            json.WriteString("dtype", dtype.Name);
            WriteNumbers(json, "shape", shape);
            WriteNumbers(json, "data_offsets", [offset, offset + bytes]);
            json.WriteEndObject();
            offset += bytes;
        }

        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private unsafe void WriteBytes(Tensor dense)
    {
        var length = dense.NumberOfElements * dense.ElementSize;
        var data = (byte*)Aten.DataPointer(dense);
        for (var done = 0L; done < length; done += LargestWrite)
        {
            _stream.Write(new ReadOnlySpan<byte>(data + done, (int)Math.Min(LargestWrite, length - done)));
        }
    }
}
