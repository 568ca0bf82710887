using System.Text.Json.Nodes;
using Moesaic.Checkpoints;
using Moesaic.Verification;
using static TorchSharp.torch;

namespace Moesaic.Models.Tests;

/// <summary>The language model inside a checkpoint that sees: its config is a section, its tensors have a prefix, other tensors are left aside.</summary>
public sealed class MultimodalTests
{
    static MultimodalTests() => ModelRegistry.AddFrom(typeof(ModelsAssembly).Assembly);

    [Theory]
    [InlineData("aria_text", "AriaForConditionalGeneration", "vision_tower.encoder.layers.0.layer_norm1.weight")]
    [InlineData("llama4_text", "Llama4ForConditionalGeneration", "vision_model.class_embedding")]
    public void LanguageModelInside_EqualsTheReference(string name, string architecture, string visionTensor)
    {
        using var folder = Nested(name, architecture, [visionTensor, "multi_modal_projector.linear_1.weight"]);
        using var model = PretrainedModel.Load(folder.Path, new() { Dtype = float32 });
        using var reference = ReferenceOutputs.Load(Path.Combine(TestData.Golden(name), "expected.safetensors"), model.Network);

        var result = VerificationResult.Run(model.Network, reference);

        Assert.InRange(result.MaxAbsError, 0, 1e-4);
        Assert.Equal(result.GreedyTotal, result.GreedyMatched);
        Assert.Contains(2, model.StopIds); // eos_token_id stands in the section.
    }

    [Fact]
    public void TensorsThatNobodyKnows_AreRefused()
    {
        using var folder = Nested("aria_text", "AriaForConditionalGeneration", ["audio_tower.weight"]);
        var error = Assert.Throws<CheckpointException>(() => PretrainedModel.Load(folder.Path));
        Assert.Contains("audio_tower.weight", error.Message, StringComparison.Ordinal);
    }

    private static TemporaryFolder Nested(string name, string architecture, string[] others)
    {
        var folder = new TemporaryFolder();
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(TestData.Golden(name), "config.json")))!;
        var outer = new JsonObject { ["architectures"] = new JsonArray(architecture), ["text_config"] = config };
        File.WriteAllText(Path.Combine(folder.Path, "config.json"), outer.ToJsonString());

        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(Path.Combine(TestData.Golden(name), "model.safetensors"));
        var tensors = file.Tensors.Select(tensor => ("language_model." + tensor.Name, tensor.ToTensor()));
        SafetensorsWriter.Write(Path.Combine(folder.Path, "model.safetensors"), [.. tensors, .. others.Select(other => (other, ones(2, 2)))]);
        return folder;
    }

    private sealed class TemporaryFolder : IDisposable
    {
        internal string Path { get; } = Directory.CreateTempSubdirectory("moesaic").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
