using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Moesaic.Generators.Tests.Harness;

/// <summary>A golden checkpoint as the compiler meets it: config.json, and the names and shapes of its tensors.</summary>
internal sealed partial class GoldenCheckpoint
{
    private static readonly Lazy<Compilation> AllModels = new(static () => Compile(ModelFiles().Select(File.ReadAllText)));

    /// <param name="name">A golden case; or the path of a folder elsewhere.</param>
    public GoldenCheckpoint(string name)
    {
        var folder = TestData.Golden(name); // Which a full path stays.
        Config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!.AsObject();
        Tensors = new(Directory.GetFiles(folder, "model*.safetensors").SelectMany(Header).ToDictionary(), StringComparer.Ordinal);
        Model = ModelOf((string)Config["model_type"]!);
    }

    public static IEnumerable<string> Names { get; } =
        [.. Directory.GetDirectories(TestData.Golden("")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    /// <summary>All of src/Models, with what is generated.</summary>
    public static Compilation Declarations => AllModels.Value;

    public JsonObject Config { get; }

    public SortedDictionary<string, long[]> Tensors { get; }

    /// <summary>What a manifest says of the dtype of a tensor.</summary>
    public Func<string, string> Dtype { get; set; } = static _ => "F32";

    /// <summary>What the project says of tensor ranks.</summary>
    public string TensorParallel { get; set; } = "";

    /// <summary>The class that declares its architecture.</summary>
    public string Model { get; }

    public string Index => new JsonObject
    {
        ["weight_map"] = new JsonObject(Tensors.Keys.Select(name => KeyValuePair.Create(name, (JsonNode?)"model-00001-of-00001.safetensors"))),
    }.ToJsonString();

    public string Manifest => new JsonObject
    {
        ["format"] = "moesaic-manifest/1",
        ["tensors"] = new JsonObject(Tensors.Select(tensor => KeyValuePair.Create(
            tensor.Key, (JsonNode?)new JsonObject { ["dtype"] = Dtype(tensor.Key), ["shape"] = new JsonArray([.. tensor.Value.Select(size => (JsonNode)size)]) }))),
    }.ToJsonString();

    /// <summary>The folder of src/Models that declares the architecture of a golden case, or of a <c>model_type</c>.</summary>
    public static string FolderOf(string name)
    {
        var config = Path.Combine(TestData.Golden(name), "config.json");
        var modelType = File.Exists(config) ? (string)JsonNode.Parse(File.ReadAllText(config))!["model_type"]! : name;
        var file = ModelFiles().Single(file => Declared().Matches(File.ReadAllText(file)).Any(match => match.Groups["type"].Value == modelType));
        return Path.GetFileName(Path.GetDirectoryName(file))!;
    }

    /// <summary>The class that answers to a <c>model_type</c>.</summary>
    public static string ModelOf(string modelType) => Models().Single(model => model.ModelType == modelType).Name;

    public static Compilation Compile(IEnumerable<string> sources)
    {
        TestCompilation.Driver().RunGeneratorsAndUpdateCompilation(TestCompilation.Of(sources), out var output, out _);
        return output;
    }

    public static IEnumerable<string> ModelFiles() => Directory
        .EnumerateFiles(Path.Combine(TestData.Root, "src", "Models"), "*.cs", SearchOption.AllDirectories)
        .Where(static file => Path.GetRelativePath(TestData.Root, file).Split(Path.DirectorySeparatorChar) is [_, _, not ("bin" or "obj"), ..])
        .Order(StringComparer.Ordinal);

    public async Task<IReadOnlyList<Diagnostic>> Check(Compilation? declarations = null) =>
        await CheckpointRun.Of(declarations ?? Declarations, Model, Config.ToJsonString(), Manifest, TensorParallel);

    private static IEnumerable<(string ModelType, string Name)> Models() => ModelFiles()
        .SelectMany(static file => Declared().Matches(File.ReadAllText(file)))
        .Select(static match => (match.Groups["type"].Value, match.Groups["name"].Value));

    private static IEnumerable<KeyValuePair<string, long[]>> Header(string file)
    {
        using var stream = File.OpenRead(file);
        var prefix = new byte[8];
        stream.ReadExactly(prefix);
        var header = new byte[BinaryPrimitives.ReadInt64LittleEndian(prefix)];
        stream.ReadExactly(header);
        return [.. JsonDocument.Parse(header).RootElement.EnumerateObject()
            .Where(static entry => entry.Name != "__metadata__")
            .Select(static entry => KeyValuePair.Create(entry.Name, entry.Value.GetProperty("shape").EnumerateArray().Select(static d => d.GetInt64()).ToArray()))];
    }

    [GeneratedRegex("""\[MoeModel\("(?<type>[^"]+)".*?partial class (?<name>\w+)""", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Declared();
}
