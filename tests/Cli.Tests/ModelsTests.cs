using System.Text.Json;

namespace Moesaic.Cli.Tests;

public sealed class ModelsTests
{
    private const string Begin = "<!-- models: what `moesaic models --markdown` says; a test compares -->\n";
    private const string End = "<!-- /models -->";

    /// <summary>To renew it: paste what the command prints between the two comments.</summary>
    [Fact]
    public void Readme_HasTheTable()
    {
        var readme = File.ReadAllText(Path.Combine(TestData.Root, "README.md")).ReplaceLineEndings("\n");
        var start = readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        Assert.Equal(Tool.Run("models", "--markdown").Stdout, readme[start..readme.IndexOf(End, StringComparison.Ordinal)]);
    }

    [Fact]
    public void Json_TellsEachBlock()
    {
        using var json = JsonDocument.Parse(Tool.Run("models", "--json").Stdout);
        var mixtral = json.RootElement.EnumerateArray().Single(model => model.GetProperty("model_type").GetString() == "mixtral");

        Assert.Equal("GroupedQueryAttention", mixtral.GetProperty("attention")[0].GetString());
        var block = mixtral.GetProperty("blocks")[0];
        Assert.Equal("SoftmaxTopKRouter", block.GetProperty("router").GetString());
        Assert.Equal("SwiGlu", block.GetProperty("activation").GetString());
    }

    /// <summary>Every language model of a project that is about experts has some.</summary>
    [Fact]
    public void EveryModel_HasAttentionAndExperts()
    {
        using var json = JsonDocument.Parse(Tool.Run("models", "--json").Stdout);
        Assert.All(json.RootElement.EnumerateArray(), model =>
        {
            Assert.NotEqual(0, model.GetProperty("attention").GetArrayLength());
            Assert.NotEqual(0, model.GetProperty("blocks").GetArrayLength());
        });
    }
}
