using Moesaic.Eplb;

namespace Moesaic.Tests.Eplb;

public sealed class ExpertLoadTests
{
    [Fact]
    public void File_KeepsEveryCount() => InFile(path =>
    {
        var load = new ExpertLoad([new("model.layers.1.mlp", [1, 0, long.MaxValue]), new("model.layers.2.mlp", [])]);

        load.Save(path);
        var read = ExpertLoad.Load(path);

        Assert.Equal(load.Layers.Select(layer => layer.Name), read.Layers.Select(layer => layer.Name));
        Assert.All(load.Layers.Zip(read.Layers), pair => Assert.Equal(pair.First.Assignments, pair.Second.Assignments));
    });

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"layers": {}}""")]
    [InlineData("""{"format": 1, "layers": {}}""")]
    [InlineData("""{"format": "moesaic-expert-load/2", "layers": {}}""")]
    [InlineData("""{"format": "moesaic-expert-load/1"}""")]
    [InlineData("""{"format": "moesaic-expert-load/1", "layers": {"a": 1}}""")]
    [InlineData("""{"format": "moesaic-expert-load/1", "layers": {"a": ["1"]}}""")]
    [InlineData("""{"format": "moesaic-expert-load/1", "layers": {"a": [1.5]}}""")]
    [InlineData("""{"format": "moesaic-expert-load/1", "layers": {"a": [-1]}}""")]
    [InlineData("""{"format": "moesaic-expert-load/1", "layers": {"a": [1], "a": [1]}}""")]
    public void FileThatIsNone_IsRefused(string text) => InFile(path =>
    {
        File.WriteAllText(path, text);

        Assert.StartsWith(path, Assert.Throws<EplbException>(() => ExpertLoad.Load(path)).Message);
    });

    [Fact]
    public void LoadOfAnotherModel_IsRefused()
    {
        var load = new ExpertLoad([new("a", [1, 2]), new("b", [1, 2])]);

        load.CheckIsOf("it", [("a", 2), ("b", 2)]);
        Assert.Throws<EplbException>(() => load.CheckIsOf("it", [("a", 2)]));
        Assert.Throws<EplbException>(() => load.CheckIsOf("it", [("a", 2), ("b", 3)]));
        Assert.Throws<EplbException>(() => load.CheckIsOf("it", [("a", 2), ("b", 2), ("c", 2)]));
    }

    private static void InFile(Action<string> test)
    {
        var path = Path.GetTempFileName();
        try
        {
            test(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
