using Moesaic.Checkpoints;
using Moesaic.Generation;
using Moesaic.Generators.Tests.Harness;
using static TorchSharp.torch;

namespace Moesaic.Generators.Tests.Heuristics;

/// <summary>A checkpoint of the one shipped model without a golden case: random weights, and what the shipped declaration computes on them.</summary>
public sealed class ArcticCheckpoint : IDisposable
{
    public ArcticCheckpoint()
    {
        ModelRegistry.AddFrom(RuntimeAssembly.Load([.. Declarations.Closure("Arctic")]));
        SyntheticCheckpoint.Write(Path.Combine(TestData.Root, "tests", "Models.Tests", "Small", "arctic.json"), Folder, seed: 5);
        using var model = PretrainedModel.Load(Folder);
        using var inference = inference_mode();
        using var ids = arange(12).reshape(2, 6);
        using var context = new AttentionContext(2, 6, CPU);
        using var logits = model.Network.forward(ids, context);
        using var greedy = tensor(new TextGenerator(model.Network).Generate([0, 1, 2, 3, 4, 5], new() { MaxTokens = 4 }).Select(static id => (long)id).ToArray());
        SafetensorsWriter.Write(Path.Combine(Folder, "expected.safetensors"), ("input_ids", ids), ("greedy_ids", greedy), ("logits", logits));
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("arctic").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
