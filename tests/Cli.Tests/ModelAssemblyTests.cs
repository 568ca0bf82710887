using Moesaic.Checkpoints;
using Moesaic.Generation;
using static TorchSharp.torch;

namespace Moesaic.Cli.Tests;

/// <summary>An architecture that the tool was not built with, as a compiled DLL.</summary>
public sealed class ModelAssemblyTests(CustomArchitecture custom) : IClassFixture<CustomArchitecture>
{
    [Fact]
    public void Generate_RunsIt()
    {
        string[] arguments = ["generate", "--model", custom.Model, "--assembly", custom.Assembly, "--prompt", "In the beginning", "--max-tokens", "8"];
        var grouped = Tool.Run([.. arguments, "--experts", "grouped"]);
        var eager = Tool.Run([.. arguments, "--experts", "eager"]);

        Assert.Equal(0, grouped.ExitCode);
        Assert.NotEmpty(grouped.Stdout);
        Assert.Equal(grouped.Stdout, eager.Stdout);
    }

    [Fact]
    public void Inspect_ShowsItsRouterAndLayouts()
    {
        var result = Tool.Run("inspect", "--model", custom.Model, "--assembly", custom.Assembly);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("FinchMoe, Finch.cs:", result.Stdout);
        Assert.Contains("router      TemperedSoftmaxRouter(topK: 2, routerTemperature: 0.7), in the model's dtype, no selection bias", result.Stdout);
        Assert.Contains("layout      stacked, gate and up together", result.Stdout);
        Assert.Contains("shared      one SwiGLU MLP", result.Stdout);
        Assert.Contains("activation  SquaredReluGlu", result.Stdout);
        Assert.Contains("checkpoint  experts.gate_up_proj -> experts.w13", result.Stdout);
        Assert.Contains("self_attn.head_sharpness F32 [4]", result.Stdout);
    }

    [Fact]
    public void Verify_AgreesWithWhatALibraryCallComputes()
    {
        var expected = Path.Combine(custom.Folder, "expected.safetensors");
        WriteExpected(expected, "FinchForCausalLm");
        string[] arguments = ["verify", "--model", custom.Model, "--assembly", custom.Assembly, "--expected", expected];

        Assert.Contains("greedy=6/6", Tool.Run(arguments).Stdout);
        Assert.Equal(0, Tool.Run(arguments).ExitCode);
    }

    [Fact]
    public void WithoutTheAssembly_TheArchitectureIsUnknown() =>
        Tool.Run("inspect", "--model", custom.Model).IsRefused("FinchForCausalLM", "--assembly");

    [Fact]
    public void AssemblyWithoutModels_IsRefused() => Refuse(typeof(Exit).Assembly.Location, "[MoeModel]", "found none");

    [Fact]
    public void AssemblyThatDoesNotKnowMoesaic_IsRefused() => Refuse(Assemblies.Write(custom.Folder, "Stranger"), "does not reference it");

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(0, 1, 0)] // Before 1.0 a minor version changes as much as a major one.
    [InlineData(0, 0, 1)] // Newer than the tool: it may call what is not there.
    public void AssemblyOfAnotherMoesaic_IsRefused(int major, int minor, int build)
    {
        var version = new Version(Ours.Major + major, Ours.Minor + minor, Ours.Build + build, 0);
        var path = Assemblies.Write(custom.Folder, $"Built{version}", ("Moesaic.Runtime", version));
        Refuse(path, $"{Ours.ToString(3)}, found one built with {version.ToString(3)}", "build it again");
    }

    [Fact]
    public void AssemblyWhoseDependencyIsMissing_NamesIt()
    {
        var path = Assemblies.Write(custom.Folder, "Lacking", ("Moesaic.Runtime", Ours), ("Some.Missing.Library", new Version(2, 3, 0, 0)));
        Refuse(path, "Some.Missing.Library 2.3.0", "put its DLL beside the assembly");
    }

    [Fact]
    public void DependencyBesideTheAssembly_IsFound()
    {
        var folder = Directory.CreateDirectory(Path.Combine(custom.Folder, "complete")).FullName;
        Assemblies.Write(folder, "Helper");
        Refuse(Assemblies.Write(folder, "Complete", ("Moesaic.Runtime", Ours), ("Helper", new Version(1, 0, 0, 0))), "[MoeModel]", "found none");
    }

    [Fact]
    public void CheckpointOfThisFolder_IsNotOverwritten() =>
        Tool.Run("synthesize", "--config", Path.Combine(custom.Model, "config.json"), "--out", custom.Model, "--assembly", custom.Assembly)
            .IsRefused("model.safetensors", "another folder");

    private static Version Ours => typeof(ModelAssembly).Assembly.GetName().Version!;

    private static void Refuse(string assembly, params string[] words)
    {
        var error = Assert.Throws<ModelAssemblyException>(() => ModelAssembly.Load(assembly));
        Assert.All(words, word => Assert.Contains(word, error.Message));
        Tool.Run("generate", "--prompt", "And", "--assembly", assembly).IsRefused(words);
    }

    /// <summary>What the library computes in this process, whose types the assembly shares.</summary>
    private void WriteExpected(string path, string model)
    {
        var definition = Assert.Single(ModelAssembly.Load(custom.Assembly));
        Assert.Equal(model, definition.Name);
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        using var pretrained = PretrainedModel.Load(custom.Model);
        int[] ids = [5, 17, 42, 99];
        var greedy = new TextGenerator(pretrained.Network).Generate(ids, new() { MaxTokens = 6 }).Select(id => (long)id).ToArray();
        var input = tensor([.. ids.Select(id => (long)id)], [1, ids.Length]);
        SafetensorsWriter.Write(path, ("input_ids", input), ("greedy_ids", tensor(greedy)), ("logits", pretrained.Network.forward(input)));
    }
}
