using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests.Checkpoints;

/// <summary>The public config.json of each released model, with the names and shapes of its tensors: the compiler agrees with every one of them.</summary>
public sealed partial class ReleasedCheckpointTests
{
    private static readonly string Folder = Path.Combine(TestData.Root, "tests", "Models.Tests", "Released");

    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.json").Select(static path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Manifest_HasNothingToReport(string name)
    {
        var config = File.ReadAllText(Path.Combine(Folder, name + ".json"));
        var tensors = File.ReadAllLines(Path.Combine(Folder, name + ".verified.txt")).SelectMany(Tensors);
        var manifest = new JsonObject
        {
            ["format"] = "moesaic-manifest/1",
            ["tensors"] = new JsonObject(tensors.Select(static tensor => KeyValuePair.Create(tensor.Name, (JsonNode?)new JsonObject { ["dtype"] = "BF16", ["shape"] = JsonNode.Parse(tensor.Shape) }))),
        };
        Assert.Empty(await CheckpointRun.Of(GoldenCheckpoint.Declarations, GoldenCheckpoint.ModelOf((string)JsonNode.Parse(config)!["model_type"]!), config, manifest.ToJsonString()));
    }

    /// <summary><c>layers.{0,2..4}.norm.weight [64]</c> is four tensors.</summary>
    private static IEnumerable<(string Name, string Shape)> Tensors(string line)
    {
        if (Numbers().Match(line) is not { Success: true } match)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            return [(line[..space], line[space..])];
        }

        return match.Groups["runs"].Value.Split(',')
            .Select(static run => run.Split("..").Select(static number => int.Parse(number, null)).ToArray())
            .SelectMany(static ends => Enumerable.Range(ends[0], ends[^1] - ends[0] + 1))
            .SelectMany(number => Tensors(line[..match.Index] + number + line[(match.Index + match.Length)..]));
    }

    [GeneratedRegex(@"\{(?<runs>[0-9.,]+)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Numbers();
}
