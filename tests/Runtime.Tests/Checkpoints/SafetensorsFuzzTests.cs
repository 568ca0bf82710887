using System.Text;
using Moesaic.Checkpoints;
using static TorchSharp.torch;

namespace Moesaic.Tests.Checkpoints;

public sealed class SafetensorsFuzzTests : IDisposable
{
    private const int Seeds = 1000;

    private readonly CheckpointCase _case = new();

    public void Dispose() => _case.Dispose();

    [Fact]
    public void DamagedFile_IsRefusedOrReadWithinItsBounds()
    {
        _case.Write(("0.w", ones(2, 3)), ("1.w", ones(2, 3)), ("norm", ones(3, dtype: bfloat16)), ("scale", tensor(1f)), ("none", empty(0, 2)));
        var original = File.ReadAllBytes(_case.FilePath);
        var outcomes = new int[2];
        for (var seed = 0; seed < Seeds; seed++)
        {
            File.WriteAllBytes(_case.FilePath, Mutation.Of(original, seed));
            using var model = new TestModule(new WeightRule("{e}.w", "w") { Transposed = true })
                .With("w", [2, 3, 2]).With("norm", [3]).With("scale", []).With("none", [0, 2]);
            outcomes[Try(() => _case.Load(model)) ? 1 : 0]++;
        }

        Assert.All(outcomes, count => Assert.True(count > Seeds / 50, $"{outcomes[0]} refused, {outcomes[1]} loaded"));
    }

    [Fact]
    public void DamagedHeader_IsRefusedOrReadWithinItsBounds()
    {
        const string header = """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"U8","shape":[8],"data_offsets":[24,32]}}""";
        for (var seed = 0; seed < Seeds; seed++)
        {
            File.WriteAllBytes(_case.FilePath, RawSafetensors.Bytes(Mutation.Of(Encoding.UTF8.GetBytes(header), seed), new byte[32]));
            Try(() =>
            {
                using var file = SafetensorsFile.Open(_case.FilePath);
                foreach (var tensor in file.Tensors)
                {
                    tensor.ToTensor().Dispose();
                }
            });
        }
    }

    [Fact]
    public void DamagedIndex_IsRefusedOrRead()
    {
        _case.Write(("a", ones(2)));
        File.Move(_case.FilePath, _case.Folder["1.safetensors"]);
        CheckpointIndex.Write(_case.Folder.ToString(), [KeyValuePair.Create("a", "1.safetensors")], 8);
        var index = _case.Folder[CheckpointIndex.FileName];
        var original = File.ReadAllBytes(index);
        for (var seed = 0; seed < Seeds; seed++)
        {
            File.WriteAllBytes(index, Mutation.Of(original, seed));
            Try(() => Checkpoint.Open(_case.Folder.ToString()).Dispose());
        }
    }

    /// <summary>Whether it worked; anything but one line of a typed exception fails the test.</summary>
    private static bool Try(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (CheckpointException e)
        {
            Assert.DoesNotContain('\n', e.Message);
            Assert.InRange(e.Message.Length, 20, 5000);
            return false;
        }
    }
}
