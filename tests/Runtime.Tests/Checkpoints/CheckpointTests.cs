using Moesaic.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Tests.Checkpoints;

public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    private string IndexPath => _folder[CheckpointIndex.FileName];

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void OneFileOfAnyName_IsOpened()
    {
        WriteShard("weights.safetensors", "a");
        using var checkpoint = Checkpoint.Open(_folder.ToString());
        Assert.Equal(["a"], checkpoint.Tensors.Keys);
        Assert.Equal(_folder["weights.safetensors"], checkpoint.Path);
    }

    [Fact]
    public void ModelSafetensors_WinsOverOthers()
    {
        WriteShard("model.safetensors", "a");
        WriteShard("expected.safetensors", "b");
        using var checkpoint = Checkpoint.Open(_folder.ToString());
        Assert.Equal(["a"], checkpoint.Tensors.Keys);
    }

    [Fact]
    public void Shards_AreOneCheckpoint()
    {
        WriteShard("1.safetensors", "a", "b");
        WriteShard("2.safetensors", "c");
        WriteIndex(("a", "1.safetensors"), ("b", "1.safetensors"), ("c", "2.safetensors"));

        using var checkpoint = Checkpoint.Open(_folder.ToString());

        Assert.Equal(["a", "b", "c"], checkpoint.Tensors.Keys.Order());
        Assert.Equal(_folder["2.safetensors"], checkpoint.Tensors["c"].File);
    }

    [Fact]
    public void FolderThatIsNone_IsRefused()
    {
        Refused($"{_folder}: expected model.safetensors.index.json, model.safetensors or one other .safetensors file, found none; ");
        Assert.Contains("none: expected a checkpoint folder, found none; ", Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder["none"])).Message, StringComparison.Ordinal);
        WriteShard("1.safetensors", "a");
        WriteShard("2.safetensors", "b");
        Refused("one other .safetensors file, found 2; ");
    }

    [Fact]
    public void ShardThatIsMissing_IsNamed()
    {
        WriteShard("1.safetensors", "a");
        WriteIndex(("a", "1.safetensors"), ("b", "2.safetensors"));
        Refused($"{IndexPath}: 2.safetensors: expected a file beside the index, found none; ");
    }

    [Fact]
    public void TensorThatIsNotInItsShard_IsNamed()
    {
        WriteShard("1.safetensors", "a");
        WriteIndex(("a", "1.safetensors"), ("b", "1.safetensors"));
        Refused($"{IndexPath}: b: expected a tensor in 1.safetensors, as the index says, found none in any shard; ");

        WriteShard("2.safetensors", "c", "b");
        WriteIndex(("a", "1.safetensors"), ("b", "1.safetensors"), ("c", "2.safetensors"));
        Refused($"b: expected a tensor in 1.safetensors, as the index says, found it in {_folder["2.safetensors"]}; ");
    }

    [Fact]
    public void TensorThatTheIndexLacks_IsNamed()
    {
        WriteShard("1.safetensors", "a", "b");
        WriteIndex(("a", "1.safetensors"));
        Refused($"{_folder["1.safetensors"]}: b: expected a tensor that model.safetensors.index.json lists, found one that it does not; ");
    }

    [Fact]
    public void TensorInTwoShards_IsNamed()
    {
        WriteShard("1.safetensors", "a", "b");
        WriteShard("2.safetensors", "b");
        WriteIndex(("a", "1.safetensors"), ("b", "2.safetensors"));
        Refused($"{_folder["2.safetensors"]}: b: expected a tensor in one shard, found it in {_folder["1.safetensors"]} too; ");
    }

    [Theory]
    [InlineData("../1.safetensors")]
    [InlineData("sub/1.safetensors")]
    [InlineData("sub\\\\1.safetensors")]
    [InlineData("/1.safetensors")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("1.safetensors\\u0000")]
    [InlineData("1\\n.safetensors")]
    [InlineData("config.json")]
    public void ShardNameThatIsAPath_IsRefused(string shard)
    {
        File.WriteAllText(IndexPath, $$$"""{"weight_map":{"a":"{{{shard}}}"}}""");
        Refused($"{IndexPath}: a: expected the name of a .safetensors file beside the index, found ");
    }

    [Theory]
    [InlineData("", "expected a JSON index, found an error in it: ")]
    [InlineData("{", "expected a JSON index, found an error in it: ")]
    [InlineData("[]", "expected an object weight_map, found none; ")]
    [InlineData("{}", "expected an object weight_map, found none; ")]
    [InlineData("""{"weight_map":3}""", "expected an object weight_map, found none; ")]
    [InlineData("""{"weight_map":{"a":3}}""", "a: expected the name of a .safetensors file beside the index, found 3; ")]
    [InlineData("""{"weight_map":{"a":"\ud800"}}""", "expected a JSON index, found an error in it: ")]
    [InlineData("""{"weight_map":{"a":"1.safetensors","a":"2.safetensors"}}""", "expected a JSON index, found an error in it: ")]
    public void WrongIndex_IsRefused(string index, string message)
    {
        File.WriteAllText(IndexPath, index);
        Refused($"{IndexPath}: {message}");
    }

    [Fact]
    public void DamagedShard_IsNamed()
    {
        WriteShard("1.safetensors", "a");
        File.WriteAllText(_folder["2.safetensors"], "x");
        WriteIndex(("a", "1.safetensors"), ("b", "2.safetensors"));
        Refused($"{_folder["2.safetensors"]}: expected a safetensors file of at least 8 bytes, found 1 bytes; ");
    }

    private void WriteShard(string file, params string[] names) =>
        SafetensorsWriter.Write(_folder[file], [.. names.Select(name => (name, zeros(2)))]);

    private void WriteIndex(params (string Tensor, string Shard)[] map) =>
        CheckpointIndex.Write(_folder.ToString(), map.Select(entry => KeyValuePair.Create(entry.Tensor, entry.Shard)), 0);

    private void Refused(string message)
    {
        var e = Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.ToString()));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }
}
