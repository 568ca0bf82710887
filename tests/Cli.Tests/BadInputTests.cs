namespace Moesaic.Cli.Tests;

/// <summary>One line, exit code 2. The library's tests hold every kind of bad input; these hold the way to the user.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("moesaic-cli-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void MissingFolder() => Generate("/no/such/folder").IsRefused("/no/such/folder");

    [Fact]
    public void MissingConfig() => Generate(_directory).IsRefused("config.json");

    [Fact]
    public void ConfigThatIsNoJson()
    {
        Copy();
        Write("config.json", "{ not json");
        Generate(_directory).IsRefused("config.json");
    }

    [Fact]
    public void ConfigWithoutAKey()
    {
        Copy();
        Edit("config.json", "\"hidden_size\"", "\"hidden_sighs\"");
        Generate(_directory).IsRefused("config.json", "hidden_size");
    }

    [Fact]
    public void UnknownArchitecture_ListsTheKnown()
    {
        Copy();
        Edit("config.json", "MixtralForCausalLM", "MysteryForCausalLM");
        Edit("config.json", "\"mixtral\"", "\"mystery\"");
        Generate(_directory).IsRefused("MysteryForCausalLM", "MixtralForCausalLM");
    }

    [Fact]
    public void TruncatedCheckpoint()
    {
        Copy();
        using (var file = File.OpenWrite(Path.Combine(_directory, "model.safetensors")))
        {
            file.SetLength(file.Length / 2);
        }

        Generate(_directory).IsRefused("model.safetensors");
    }

    [Fact]
    public void MissingTokenizer()
    {
        Copy();
        File.Delete(Path.Combine(_directory, "tokenizer.json"));
        Generate(_directory).IsRefused("tokenizer.json");
    }

    [Fact]
    public void MissingShard()
    {
        Copy(TestData.Golden("mixtral_sharded"));
        File.Delete(Path.Combine(_directory, "model-00002-of-00003.safetensors"));
        Tool.Run("verify", "--model", _directory).IsRefused("model-00002-of-00003.safetensors");
    }

    [Fact]
    public void MissingAssembly() => Tool.Run("generate", "--prompt", "And", "--assembly", "/no/such.dll").IsRefused("/no/such.dll");

    [Fact]
    public void AssemblyThatIsNone() =>
        Tool.Run("generate", "--prompt", "And", "--assembly", Path.Combine(TestData.Sample, "config.json")).IsRefused("config.json", ".NET assembly");

    [Fact]
    public void MissingCommand() => Tool.Run("compose").IsRefused("compose");

    [Fact]
    public void MissingGpu() => Tool.Run("generate", "--prompt", "And", "--device", "cuda").IsRefused("cuda", "MOESAIC_LIBTORCH");

    private static ToolResult Generate(string model) => Tool.Run("generate", "--model", model, "--prompt", "And");

    private void Copy(string? from = null)
    {
        foreach (var file in Directory.GetFiles(from ?? TestData.Sample))
        {
            File.Copy(file, Path.Combine(_directory, Path.GetFileName(file)));
        }
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_directory, name), text);

    private void Edit(string name, string old, string text)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, File.ReadAllText(path).Replace(old, text));
    }
}
