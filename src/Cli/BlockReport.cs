using System.Text.Json;
using Moesaic.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Cli;

/// <summary>What a Mixture-of-Experts block is, every decision of its declaration, and what will run it.</summary>
internal sealed record BlockReport(string Name, string Class, string Source, IReadOnlyList<(string Fact, string Value)> Facts, IReadOnlyList<string> Rules)
{
    internal static BlockReport Of(string name, MoeBlock block, DeviceType device, ScalarType dtype, Dictionary<string, QuantizedWeights> quantized)
    {
        var experts = block.RoutedExperts;
        var choice = experts.ChoiceFor(device, dtype, quantized);
        return new(name, block.GetType().Name, block.Source,
        [
            .. Declared(block),
            ("experts", $"{block.Config.NumExperts}, {block.Config.TopK} per token, w13 [{string.Join(", ", experts.W13.shape)}], w2 [{string.Join(", ", experts.W2.shape)}]"),
            ("activation", $"{experts.ActivationName} ({DeclarationLines.Of(block, "MoeBlockAttribute")})"),
            ("backend", choice.Reason),
        ], [.. block.WeightRules.Select(Text)]);
    }

    internal void WriteText(TextWriter writer)
    {
        writer.WriteLine($"{Name}: {Class}, {Source}");
        foreach (var (fact, value) in Facts)
        {
            writer.WriteLine($"  {fact,-12}{value}");
        }

        for (var i = 0; i < Rules.Count; i++)
        {
            writer.WriteLine($"  {(i == 0 ? "checkpoint" : ""),-12}{Rules[i]}");
        }
    }

    internal void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("name", Name);
        writer.WriteString("class", Class);
        writer.WriteString("source", Source);
        foreach (var (fact, value) in Facts)
        {
            writer.WriteString(fact, value);
        }

        writer.WriteStartArray("checkpoint");
        foreach (var rule in Rules)
        {
            writer.WriteStringValue(rule);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static IEnumerable<(string Fact, string Value)> Declared(MoeBlock block) => block.Declaration is not { } declared
        ? [("declared", "nothing: written by hand")]
        :
        [
            ("router", $"{declared.Router}, {declared.RouterFacts} ({DeclarationLines.Of(block, "MoeBlockAttribute", "RouterWeightsAttribute")})"),
            ("layout", $"{declared.ExpertFacts} ({DeclarationLines.Of(block, "ExpertWeightsAttribute")})"),
            ("shared", $"{declared.SharedExperts} ({DeclarationLines.Of(block, "SharedExpertsAttribute")})"),
            ("forward", declared.Forward),
        ];

    private static string Text(WeightRule rule)
    {
        string?[] facts =
        [
            rule.Slice switch { WeightSlice.FirstHalf => "first half", WeightSlice.SecondHalf => "second half", _ => null },
            rule.Flat ? "flat" : null,
            rule.Transposed ? "transposed" : null,
            rule.Interleaved ? "interleaved" : null,
        ];
        return string.Join(", ", [$"{rule.Tensor} -> {rule.Parameter}", .. facts.OfType<string>()]);
    }
}
