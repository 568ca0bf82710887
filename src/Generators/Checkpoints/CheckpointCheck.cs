using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Evaluation;
using Moesaic.Generators.Expansion;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Json;
using Moesaic.Generators.Known;
using Moesaic.Generators.Parsing;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Checkpoints;

/// <summary>One model against one checkpoint.</summary>
internal sealed class CheckpointCheck(string checkpoint, CheckpointConfig config, CheckpointTensors tensors, ParseContext findings)
{
    private const int MostNames = 20;

    private readonly NameAdvice _advice = new(tensors, Layers(config.Root));

    /// <param name="model">The model.</param>
    /// <param name="ranks">Tensor ranks that are to share it, as often as the project says.</param>
    /// <returns>The files that declare the model.</returns>
    public IReadOnlyCollection<SyntaxTree> Run(INamedTypeSymbol model, IEnumerable<int> ranks)
    {
        var types = new TypeNames(findings.Compilation);
        var evaluator = new Evaluator(types, findings.Cancellation);
        var node = TensorsOf(model, config.Root, evaluator);
        foreach (var finding in evaluator.Findings.Values.SelectMany(static of => of))
        {
            findings.Report(finding);
        }

        if (ModelNames.Of(config.Root) is var found && found.Count > 0 && !ModelNames.Answers(model, config.Root))
        {
            findings.Report(
                DiagnosticDescriptors.ConfigMismatch, model, $"{checkpoint}/config.json", "architectures and model_type",
                string.Join(" or ", ModelNames.Of(model).Select(static name => $"\"{name}\"")), string.Join(" and ", found.Select(static name => $"\"{name}\"")));
        }

        var matcher = new Matcher(tensors, config.IsQuantized);
        var match = matcher.Run(node);
        if (ModelSymbols.ConfigOf(model) is { } record)
        {
            new ConfigCheck(checkpoint, findings).Run(record, config.Root);
        }

        var unclaimed = Unclaimed(match, model);
        ReportUnclaimed(unclaimed, matcher, match, model);
        ReportMissing(match, unclaimed, model);
        ReportMisshapen(match, model);
        ReportRouters(match, model);
        new CutCheck(checkpoint, findings).Run(match.Cuts, ranks, model);
        return [.. types.Read.Where(findings.Compilation.ContainsSyntaxTree)];
    }

    /// <summary>What a model asks of a checkpoint with a config.</summary>
    internal static TensorNode TensorsOf(INamedTypeSymbol model, JsonValue config, Evaluator evaluator) =>
        evaluator.Modules.New(model, ModelSymbols.ConfigOf(model) is { } record ? new ConfigValue(record, config) : Value.Unknown);

    private static long? Layers(JsonValue config) =>
        (config.Find("num_hidden_layers") ?? config.Find("text_config")?.Find("num_hidden_layers")) is { Kind: JsonKind.Number } layers ? (long)layers.Number : null;

    private List<string> Unclaimed(Match match, INamedTypeSymbol model)
    {
        var claimed = new HashSet<string>(match.Claimed, StringComparer.Ordinal);
        var open = new HashSet<string>(match.Open, StringComparer.Ordinal);
        var ignored = (model.Attribute(KnownTypes.MoeModelAttribute)?.NamedTexts(nameof(MoeModelSpec.Ignored)) ?? default).Select(Ignored).ToArray();
        return [.. tensors.Shapes.Keys.Where(name => !claimed.Contains(name) && !IsBelow(name, open) && !ignored.Any(pattern => pattern.IsMatch(name)))];
    }

    private static bool IsBelow(string name, HashSet<string> open)
    {
        if (open.Count == 0)
        {
            return false;
        }

        for (var end = name.Length; end > 0; end = name.LastIndexOf('.', end - 1))
        {
            if (open.Contains(name.Substring(0, end)))
            {
                return true;
            }
        }

        return open.Contains("");
    }

    private Regex Ignored(string pattern)
    {
        var numbered = Regex.Replace(pattern, @"\{(\w+)\}", match =>
            config.Root.Find(match.Groups[1].Value) is { Kind: JsonKind.Number } number ? number.Number.ToString("R", CultureInfo.InvariantCulture) : "*");
        return new("^" + Regex.Escape(numbered).Replace(@"\*", ".*") + "$", RegexOptions.CultureInvariant);
    }

    private void ReportUnclaimed(List<string> unclaimed, Matcher matcher, Match match, INamedTypeSymbol model)
    {
        foreach (var group in NameGroups.Of(unclaimed, static name => name).Take(MostNames))
        {
            var first = group.First();
            var origin = matcher.Nearest(first);
            findings.Report(Diagnostic.Create(
                DiagnosticDescriptors.UnclaimedTensor, origin?.Location ?? model.Locations[0], Role(_advice.Role(first)),
                NameGroups.Text(first, group.Count()), checkpoint, origin?.Declaration ?? model.Name, _advice.For(first, match.Missing)));
        }
    }

    private void ReportMissing(Match match, List<string> unclaimed, INamedTypeSymbol model)
    {
        foreach (var group in NameGroups.Of(match.Missing, static finding => finding.Tensor).Take(MostNames))
        {
            var first = group.First();
            var properties = ImmutableDictionary<string, string?>.Empty;
            properties = NameAdvice.OtherName(first.Tensor, unclaimed) is { } name ? properties.Add("CheckpointName", name) : properties;
            findings.Report(Diagnostic.Create(
                DiagnosticDescriptors.UnfilledParameter, first.Origin?.Location ?? model.Locations[0], properties,
                first.Origin?.Declaration ?? model.Name, NameGroups.Text(first.Tensor, group.Count()), checkpoint));
        }
    }

    private void ReportRouters(Match match, INamedTypeSymbol model)
    {
        if (tensors.UsualDtype is null or "F32")
        {
            return; // Where all is float32, that the router is says nothing.
        }

        var wide = match.NarrowRouters.Where(router => tensors.Dtypes.TryGetValue(router.Tensor, out var dtype) && dtype == "F32");
        foreach (var group in NameGroups.Of(wide, static router => router.Tensor))
        {
            var first = group.First();
            findings.Report(Diagnostic.Create(
                DiagnosticDescriptors.NarrowRouter, first.Origin?.Location ?? model.Locations[0], Role(("RouterWeights", "Float32 = true")),
                NameGroups.Text(first.Tensor, group.Count()), checkpoint, first.Origin?.Declaration ?? model.Name));
        }
    }

    private static ImmutableDictionary<string, string?> Role((string Attribute, string Facts)? role) => role is var (attribute, facts)
        ? ImmutableDictionary<string, string?>.Empty.Add("Role", attribute).Add("Facts", facts)
        : ImmutableDictionary<string, string?>.Empty;

    private void ReportMisshapen(Match match, INamedTypeSymbol model)
    {
        foreach (var group in NameGroups.Of(match.Misshapen, static finding => finding.Tensor).Take(MostNames))
        {
            var first = group.First();
            findings.Report(
                DiagnosticDescriptors.MisshapenTensor, first.Origin?.Location ?? model.Locations[0],
                NameGroups.Text(first.Tensor, group.Count()), checkpoint, ShapeText.Of(first.Found!), first.Origin?.Declaration ?? model.Name,
                ShapeText.Of(first.Expected!), ShapeAdvice.For(first.Expected!, first.Found!));
        }
    }
}
