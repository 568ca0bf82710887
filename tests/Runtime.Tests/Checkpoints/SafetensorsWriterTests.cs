using Moesaic.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Tests.Checkpoints;

public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void WhatIsWritten_IsRead()
    {
        var path = _folder["a.safetensors"];
        var weight = arange(6, dtype: float32).reshape(2, 3);

        SafetensorsWriter.Write(path, ("weight", weight), ("columns \"ü\"", weight.t()), ("half", weight.to(bfloat16)), ("one", tensor(7L)), ("none", empty(0, 2)));
        using var file = SafetensorsFile.Open(path);

        Assert.Equal(["weight", "columns \"ü\"", "half", "one", "none"], file.Tensors.Select(t => t.Name));
        Assert.Equal(["F32", "F32", "BF16", "I64", "F32"], file.Tensors.Select(t => t.Dtype.Name));
        Assert.Equal([0, 1, 2, 3, 4, 5], file.Tensors[0].ToTensor().data<float>().ToArray());
        Assert.Equal([0, 3, 1, 4, 2, 5], file.Tensors[1].ToTensor().data<float>().ToArray());
        Assert.Equal([0, 1, 2, 3, 4, 5], file.Tensors[2].ToTensor().to(float32).data<float>().ToArray());
        Assert.Equal(7, file.Tensors[3].ToTensor().item<long>());
        Assert.All(file.Tensors.Take(3), t => Assert.True(t.IsAligned));
    }

    [Fact]
    public void FileThatIsNotComplete_IsNotThere()
    {
        var path = _folder["a.safetensors"];
        using (var writer = new SafetensorsWriter(path, [("a", ScalarType.Float32, [2]), ("b", ScalarType.Float32, [2])]))
        {
            writer.Write(zeros(2));
            Assert.Throws<ArgumentException>(() => writer.Write(zeros(3)));
            Assert.Throws<ArgumentException>(() => writer.Write(zeros(2, dtype: float64)));
            Assert.Throws<InvalidOperationException>(writer.Complete);
        }

        Assert.Empty(Directory.GetFiles(_folder.ToString()));
    }

    [Fact]
    public void NameTwice_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(_folder["a"], ("a", zeros(1)), ("a", zeros(1))));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(_folder["a"], ("__metadata__", zeros(1))));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(_folder["a"], ("c", zeros(1, dtype: complex64))));
        Assert.Empty(Directory.GetFiles(_folder.ToString()));
    }
}
