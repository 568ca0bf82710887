using Moesaic.Checkpoints;
using static TorchSharp.torch;

namespace Moesaic.Tests.Checkpoints;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder["a.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("BOOL", ScalarType.Bool, 1)]
    [InlineData("U8", ScalarType.Byte, 1)]
    [InlineData("I8", ScalarType.Int8, 1)]
    [InlineData("I16", ScalarType.Int16, 2)]
    [InlineData("U16", (ScalarType)27, 2)]
    [InlineData("I32", ScalarType.Int32, 4)]
    [InlineData("U32", (ScalarType)28, 4)]
    [InlineData("I64", ScalarType.Int64, 8)]
    [InlineData("U64", (ScalarType)29, 8)]
    [InlineData("F16", ScalarType.Float16, 2)]
    [InlineData("BF16", ScalarType.BFloat16, 2)]
    [InlineData("F32", ScalarType.Float32, 4)]
    [InlineData("F64", ScalarType.Float64, 8)]
    [InlineData("F8_E4M3", (ScalarType)24, 1)]
    [InlineData("F8_E5M2", (ScalarType)23, 1)]
    [InlineData("F8_E8M0", (ScalarType)44, 1)]
    public void EveryDtype_IsReadAsTorchKnowsIt(string name, ScalarType type, int size)
    {
        RawSafetensors.Write(FilePath, $$$"""{"t":{"dtype":"{{{name}}}","shape":[2,3],"data_offsets":[0,{{{6 * size}}}]}}""", 6 * size);

        using var file = SafetensorsFile.Open(FilePath);
        using var tensor = file.Tensors[0].ToTensor();

        Assert.Equal(name, file.Tensors[0].Dtype.Name);
        Assert.Equal(type, tensor.dtype);
        Assert.Equal(size, tensor.ElementSize);
        Assert.Equal([2, 3], tensor.shape);
    }

    [Fact]
    public void RankZeroAndEmptyTensors_AreRead()
    {
        RawSafetensors.Write(
            FilePath,
            """{"__metadata__":{"a":"b","c":[1]},"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"e":{"dtype":"F32","shape":[0,3],"data_offsets":[4,4]}}""",
            4);

        using var file = SafetensorsFile.Open(FilePath);
        using var scalar = file.Tensors[0].ToTensor();
        using var none = file.Tensors[1].ToTensor();

        Assert.Equal(0, scalar.item<float>());
        Assert.Empty(scalar.shape);
        Assert.Equal([0, 3], none.shape);
    }

    [Fact]
    public void HolesAndTrailingBlanks_AreTolerated()
    {
        RawSafetensors.Write(FilePath, """{"a":{"dtype":"U8","shape":[1],"data_offsets":[7,8]},"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}   """, 9);

        using var file = SafetensorsFile.Open(FilePath);

        Assert.Equal(["a", "b"], file.Tensors.Select(tensor => tensor.Name));
    }

    [Fact]
    public void ClosedFile_RefusesToRead()
    {
        RawSafetensors.Write(FilePath, """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1);
        var file = SafetensorsFile.Open(FilePath);
        file.Dispose();
        file.Dispose();

        Assert.Throws<ObjectDisposedException>(() => file.Tensors[0].ToTensor());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void FileShorterThanItsPrefix_IsRefused(int length)
    {
        File.WriteAllBytes(FilePath, new byte[length]);
        Refused($"{FilePath}: expected a safetensors file of at least 8 bytes, found {length} bytes; ");
    }

    [Theory]
    [InlineData(100UL, 2)]
    [InlineData(ulong.MaxValue, 2)]
    [InlineData((ulong)long.MaxValue + 1, 2)]
    public void HeaderLongerThanTheFile_IsRefused(ulong length, ulong most)
    {
        File.WriteAllBytes(FilePath, [.. BitConverter.GetBytes(length), (byte)'{', (byte)'}']);
        Refused($"{FilePath}: expected a header of at most {most} bytes, found a length of {length}; ");
    }

    [Fact]
    public void HeaderOfMoreThan100Megabytes_IsRefused()
    {
        using (var stream = File.Create(FilePath))
        {
            stream.Write(BitConverter.GetBytes(100_000_001L));
            stream.SetLength(100_000_100); // A hole: it takes no space.
        }

        Refused("expected a header of at most 100000000 bytes, found a length of 100000001; ");
    }

    [Theory]
    [InlineData("", "expected a JSON header, found an error in it: ")]
    [InlineData("{", "expected a JSON header, found an error in it: ")]
    [InlineData("{}{}", "expected a JSON header, found an error in it: ")]
    [InlineData("[]", "expected a JSON object as header, found a list; ")]
    [InlineData("""{"\ud800":1}""", "expected a JSON header, found an error in it: ")]
    [InlineData("""{"t":3}""", "t: expected an object with dtype, shape and data_offsets, found 3; ")]
    [InlineData("""{"t":{}}""", "t: expected dtype, shape and data_offsets, found an entry that lacks some of them; ")]
    [InlineData("""{"t":{"dtype":"U8","shape":[1],"data_offsets":[0]}}""", "t: expected dtype, shape and data_offsets, found an entry that lacks")]
    [InlineData("""{"t":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}""", "t: expected at most 2 numbers in data_offsets, found more; ")]
    [InlineData("""{"t":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"strides":[1]}}""", "t: expected dtype, shape and data_offsets, once each, found strides; ")]
    [InlineData("""{"t":{"dtype":"U8","dtype":"I8","shape":[1],"data_offsets":[0,1]}}""", "t: expected dtype, shape and data_offsets, once each, found dtype; ")]
    [InlineData("""{"t":{"dtype":"F4","shape":[1],"data_offsets":[0,1]}}""", "t: expected a dtype of BOOL, U8, ")]
    [InlineData("""{"t":{"dtype":7,"shape":[1],"data_offsets":[0,1]}}""", "found 7; convert the checkpoint")]
    [InlineData("""{"t":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}""", "t: expected 64-bit integers of 0 and more in shape, found -1; ")]
    [InlineData("""{"t":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}""", "in shape, found 1.5; ")]
    [InlineData("""{"t":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}}""", "in shape, found 1; ")]
    [InlineData("""{"t":{"dtype":"U8","shape":[18446744073709551616],"data_offsets":[0,1]}}""", "in shape, found 18446744073709551616; ")]
    [InlineData("""{"t":{"dtype":"U8","shape":1,"data_offsets":[0,1]}}""", "t: expected a list of integers as shape, found 1; ")]
    [InlineData("""{"t":{"dtype":"F64","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", "t: expected a size that fits 64 bits, found F64 [4611686018427387904, 4]; ")]
    [InlineData("""{"t":{"dtype":"F64","shape":[0,4611686018427387904,4],"data_offsets":[0,0]}}""", "t: expected a size that fits 64 bits, found F64 [0, 46")]
    [InlineData("""{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "t: expected 8 bytes for F32 [2], found data_offsets [0, 4]; ")]
    [InlineData("""{"t":{"dtype":"U8","shape":[1],"data_offsets":[2,1]}}""", "t: expected 1 bytes for U8 [1], found data_offsets [2, 1]; ")]
    [InlineData("""{"t":{"dtype":"U8","shape":[1],"data_offsets":[16,17]}}""", "t: expected data_offsets within the 16 bytes of data, found data_offsets [16, 17]; ")]
    [InlineData("""{"t":{"dtype":"U8","shape":[1],"data_offsets":[9223372036854775806,9223372036854775807]}}""", "t: expected data_offsets within the 16 bytes")]
    [InlineData("""{"t":{"dtype":"U8","shape":[0],"data_offsets":[17,17]}}""", "t: expected data_offsets within the 16 bytes of data, found data_offsets [17, 17]; ")]
    [InlineData("""{"t":{"dtype":"U8","shape":[1],"data_offsets":[18446744073709551615,0]}}""", "in data_offsets, found 18446744073709551615; ")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[3,7]}}""",
        "b: expected bytes of its own, found data_offsets [3, 7], which overlaps a at [0, 4]; ")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""",
        "a: expected one tensor of this name, found two; ")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\u0061":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""",
        "a: expected one tensor of this name, found two; ")]
    public void WrongHeader_IsRefused(string header, string message)
    {
        RawSafetensors.Write(FilePath, header, 16);
        Refused(message);
    }

    [Fact]
    public void NameOfATensor_CannotBreakTheMessage()
    {
        RawSafetensors.Write(FilePath, $$"""{"a\n\u001b[31m{{new string('x', 5000)}}":3}""", 0);

        var message = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(FilePath)).Message;

        Assert.DoesNotContain(message, char.IsControl);
        Assert.True(message.Length < 1000);
    }

    [Fact]
    public void RankBeyondWhatTorchHandles_IsRefused()
    {
        RawSafetensors.Write(FilePath, $$$"""{"t":{"dtype":"U8","shape":[{{{string.Join(',', Enumerable.Repeat(1, 65))}}}],"data_offsets":[0,1]}}""", 1);
        Refused("t: expected at most 64 numbers in shape, found more; ");
    }

    [Fact]
    public void MissingFileOrFolder_IsRefused()
    {
        Refused($"{FilePath}: expected a safetensors file, found none; ");
        Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(_folder.ToString()));
        Assert.Throws<CheckpointException>(() => SafetensorsFile.Open("a\0b"));
        Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(""));
    }

    private void Refused(string message)
    {
        var e = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(FilePath));
        Assert.StartsWith(FilePath, e.Message, StringComparison.Ordinal);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }
}
