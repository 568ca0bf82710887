using System.Text.Json.Nodes;
using Moesaic.Generation;

namespace Moesaic.Models.Tests;

/// <summary>Each key of each golden config.json with values that make no sense: a typed exception, or a model that runs; nothing else.</summary>
public sealed class DamagedConfigTests : IDisposable
{
    private static readonly Func<JsonNode?, JsonNode?>[] Damages =
    [
        _ => null,
        _ => JsonValue.Create(0),
        _ => JsonValue.Create(-1),
        _ => JsonValue.Create(7),
        _ => JsonValue.Create(int.MaxValue),
        _ => JsonValue.Create(1e300),
        _ => JsonValue.Create("nonsense"),
        _ => new JsonArray(),
        _ => new JsonObject(),
        _ => JsonValue.Create(true),
    ];

    private readonly string _directory = Directory.CreateTempSubdirectory("moesaic-damaged-").FullName;

    public static TheoryData<string> Declared() => [.. GoldenCases.Declared];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [MemberData(nameof(Declared))]
    public void EveryKey_IsReadOrRefused(string name)
    {
        foreach (var file in Directory.GetFiles(TestData.Golden(name)))
        {
            File.CreateSymbolicLink(Path.Combine(_directory, Path.GetFileName(file)), file);
        }

        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(TestData.Golden(name), "config.json")))!.AsObject();
        var problems = new List<string>();
        foreach (var (key, value) in config.ToArray())
        {
            foreach (var damage in Damages)
            {
                config[key] = damage(value);
                Try(config, $"{key} = {config[key]?.ToJsonString() ?? "null"}", problems);
            }

            config[key] = value?.DeepClone();
        }

        Assert.True(problems.Count == 0, string.Join("\n", problems));
    }

    private void Try(JsonObject config, string what, List<string> problems)
    {
        var path = Path.Combine(_directory, "config.json");
        File.Delete(path);
        File.WriteAllText(path, config.ToJsonString());
        try
        {
            using var model = PretrainedModel.Load(_directory);
            _ = new TextGenerator(model.Network).Generate([1, 2, 3], new() { MaxTokens = 2 }).Count();
        }
        catch (MoesaicException)
        {
            // One line that says what is wrong.
        }
        catch (Exception e)
        {
            problems.Add($"{what}: {e.GetType().Name}: {e.Message.Split('\n')[0]} {e.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("Moesaic"))?.Trim()}");
        }
    }
}
