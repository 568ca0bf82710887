using Moesaic.Checkpoints;
using static TorchSharp.torch;

namespace Moesaic.Models.Tests;

/// <summary>Tensors that repeat what the model has anyway are claimed, and others still refused.</summary>
public sealed class RedundantTensorsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("moesaic-redundant-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void StoredHeadOfATiedModel_AndStoredFrequencies_AreLeftAlone()
    {
        Write("lm_head.weight", "model.layers.0.self_attn.rotary_emb.inv_freq");
        using var folder = ModelFolder.Open(_directory);
        Assert.Equal(["lm_head.weight", "model.layers.0.self_attn.rotary_emb.inv_freq"], folder.Plan.Ignored.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void OtherTensor_IsRefused()
    {
        Write("model.layers.0.self_attn.q_proj.extra");
        Assert.Contains("q_proj.extra", Assert.Throws<CheckpointException>(() => ModelFolder.Open(_directory)).Message);
    }

    /// <summary>The tied Granite case with further tensors.</summary>
    private void Write(params string[] further)
    {
        var golden = TestData.Golden("granitemoe");
        File.Copy(Path.Combine(golden, "config.json"), Path.Combine(_directory, "config.json"));
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(Path.Combine(golden, "model.safetensors"));
        SafetensorsWriter.Write(
            Path.Combine(_directory, "model.safetensors"),
            [.. file.Tensors.Select(tensor => (tensor.Name, tensor.ToTensor())), .. further.Select(name => (name, zeros(4)))]);
    }
}
