using Moesaic.Checkpoints;
using Moesaic.Generators.Tests.Harness;
using static TorchSharp.torch;

namespace Moesaic.Generators.Tests.Heuristics;

/// <summary>A copy of each shipped model, broken in each of the ways that others load without a word: the compiler refuses it, or the loader does.</summary>
[Collection(UsesTensors.Name)]
public sealed class BrokenCopyTests : IClassFixture<ArcticCheckpoint>
{
    private const string Swapped = "gate and up swapped";
    private const string Interleaved = "gate and up lie otherwise in one tensor";
    private const string Renormalized = "renormalized otherwise";
    private const string Bias = "dropped bias";

    /// <summary>What a model's block has not, or the declaration has no words for: one tensor of gate and up has the gate first.</summary>
    private static readonly Dictionary<string, string[]> NothingToBreak = new()
    {
        [Swapped] = ["aria_text", "gpt_oss", "gpt_oss_mxfp4", "granitemoe", "granitemoehybrid", "granitemoeshared", "llama4_text"],
        [Bias] =
        [
            "arctic", "aria_text", "cohere2_moe", "deepseek_v2", "deepseek_v2_lite", "flex_olmo", "granitemoe", "granitemoehybrid", "granitemoeshared", "grok1", "hunyuan_v1_moe",
            "jamba", "llama4_text", "minimax", "mixtral", "mixtral_sharded", "olmoe", "phimoe", "qwen2_moe", "qwen3_moe", "qwen3_moe_fp8", "qwen3_next",
        ],
    };

    /// <summary>
    /// The same names and shapes, and no key of config.json: the compiler knows because the model is published, and the loader, which would
    /// for any model, when it is given a reference's numbers.
    /// </summary>
    private static readonly Dictionary<string, string[]> ByNumbers = new()
    {
        [Interleaved] = ["aria_text", "gpt_oss", "gpt_oss_mxfp4", "granitemoe", "granitemoehybrid", "granitemoeshared", "llama4_text"],
        [Renormalized] = ["afmoe", "arctic", "hunyuan_v1_moe", "jamba", "minimax", "minimax_m2", "mixtral", "mixtral_sharded"],
    };

    private readonly ArcticCheckpoint _arctic;

    public BrokenCopyTests(ArcticCheckpoint arctic) => _arctic = arctic;

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var (name, _) in Models())
        {
            foreach (var breakage in Breakage.All)
            {
                cases.Add(name, breakage.Name);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task IsCaught(string name, string how)
    {
        var breakage = Breakage.All.Single(breakage => breakage.Name == how);
        var checkpoint = new GoldenCheckpoint(Folder(name));
        string[] whole = [.. Declarations.Closure(Models().Single(model => model.Name == name).Folder)];
        string[] broken = [.. whole.Select(file => breakage.Break(file, (bool?)checkpoint.Config["norm_topk_prob"] ?? false))];
        Assert.Equal(IsListed(NothingToBreak) || (how == Interleaved && !IsListed(ByNumbers)), broken.SequenceEqual(whole));
        if (broken.SequenceEqual(whole))
        {
            return;
        }

        var found = await Declarations.Find(checkpoint, broken);
        Assert.Contains(found, finding => breakage.Ids.Contains(finding[..7]));
        if (IsListed(ByNumbers))
        {
            Assert.All(found, static finding => Assert.StartsWith("MOE0039", finding, StringComparison.Ordinal));
            var reference = Path.Combine(TestData.Golden(Folder(name)), "expected.safetensors");
            var refusal = Assert.Throws<CheckpointException>(() => Load(broken, Folder(name), reference));
            Assert.Contains("the declaration computes another model", refusal.Message, StringComparison.Ordinal);
            Load(whole, Folder(name), reference); // Not broken, it is handed out.
        }

        bool IsListed(Dictionary<string, string[]> models) => models.TryGetValue(how, out var names) && names.Contains(name);
    }

    /// <summary>docs/heuristics.md names those that only numbers show.</summary>
    [Fact]
    public void ThePage_NamesWhatOnlyNumbersShow()
    {
        var page = File.ReadAllText(Path.Combine(TestData.Root, "docs", "heuristics.md")).Split('\n');
        Assert.All(ByNumbers, breakage => Assert.All(breakage.Value, model => Assert.Contains(
            page, line => line.StartsWith($"| {breakage.Key} |", StringComparison.Ordinal) && line.Contains($"`{model}`", StringComparison.Ordinal))));
    }

    private static void Load(string[] sources, string folder, string? reference)
    {
        ModelRegistry.AddFrom(RuntimeAssembly.Load(sources));
        PretrainedModel.Load(TestData.Golden(folder), new() { Dtype = float32, Reference = reference }).Dispose();
    }

    private static IEnumerable<(string Name, string Folder)> Models() => GoldenCheckpoint.Names
        .Append("arctic")
        .Select(static name => (name, GoldenCheckpoint.FolderOf(name)));

    private string Folder(string name) => name == "arctic" ? _arctic.Folder : name;
}
