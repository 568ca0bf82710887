using Moesaic.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Tests.Checkpoints;

/// <summary>A model and a checkpoint folder for it.</summary>
internal sealed class CheckpointCase : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public TemporaryFolder Folder { get; } = new();

    public string FilePath => Folder["model.safetensors"];

    public void Write(params (string Name, Tensor Tensor)[] tensors) => SafetensorsWriter.Write(FilePath, tensors);

    public WeightPlan Plan(ExplicitModule model, params string[] ignored)
    {
        using var checkpoint = Checkpoint.Open(Folder.ToString());
        return WeightPlan.For(model, checkpoint, ignored);
    }

    public void Load(ExplicitModule model, ScalarType? dtype = null)
    {
        using var checkpoint = Checkpoint.Open(Folder.ToString());
        WeightLoader.Load(WeightPlan.For(model, checkpoint, []), dtype, CPU);
    }

    /// <summary>The message with which the plan for <paramref name="model"/> is refused.</summary>
    public string Refusal(ExplicitModule model, params string[] ignored)
    {
        var message = Assert.Throws<CheckpointException>(() => Plan(model, ignored)).Message;
        Assert.StartsWith($"{FilePath}: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        return message[(FilePath.Length + 2)..];
    }

    public void Dispose()
    {
        _scope.Dispose();
        Folder.Dispose();
    }
}
