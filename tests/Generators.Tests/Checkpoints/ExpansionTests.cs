using Microsoft.CodeAnalysis;
using Moesaic.Generators.Checkpoints;
using Moesaic.Generators.Evaluation;
using Moesaic.Generators.Expansion;
using Moesaic.Generators.Json;
using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests.Checkpoints;

/// <summary>How much of a declaration the compiler decides: silence would also follow from knowing nothing.</summary>
public sealed class ExpansionTests
{
    /// <summary>Layers that are one thing or another by a config value that reads itself: either is allowed, one is required.</summary>
    private static readonly string[] LayersUndecided =
        ["cohere2_moe", "exaone_moe", "glm4_moe_lite", "granitemoehybrid", "lfm2_moe", "llama4_text", "mimo_v2_flash", "minimax", "qwen3_next"];

    /// <summary>Blocks or attentions whose sizes come from such a value.</summary>
    private static readonly string[] SizesUndecided = ["hunyuan_v1_moe", "mimo_v2_flash"];

    public static TheoryData<string> Names => [.. GoldenCheckpoint.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Layers_AreDecidedButForThoseListed(string name) =>
        Assert.Equal(LayersUndecided.Contains(name), Expand(name).Any(static node => node is ChoiceNode));

    [Theory]
    [MemberData(nameof(Names))]
    public void Sizes_AreDecidedButForThoseListed(string name) => Assert.Equal(
        SizesUndecided.Contains(name),
        Expand(name).Any(static node => node is AnythingNode or LeafNode { Shape: null } || (node is LeafNode { Shape: { } shape } && shape.Contains(null))));

    private static IEnumerable<TensorNode> Expand(string name)
    {
        var golden = new GoldenCheckpoint(name);
        var evaluator = new Evaluator(new(GoldenCheckpoint.Declarations), default);
        var model = GoldenCheckpoint.Declarations.GetSymbolsWithName(golden.Model, SymbolFilter.Type).OfType<INamedTypeSymbol>().Single();
        return All(CheckpointCheck.TensorsOf(model, JsonParser.Parse(golden.Config.ToJsonString()), evaluator));
    }

    private static IEnumerable<TensorNode> All(TensorNode node) => (node switch
    {
        GroupNode group => group.Parts.SelectMany(All),
        ChoiceNode choice => choice.Alternatives.SelectMany(All),
        BelowNode below => All(below.Inner),
        _ => [],
    }).Prepend(node);
}
