using System.Text.RegularExpressions;

namespace Moesaic.Generators.Tests.Heuristics;

/// <summary>One way to break the declaration of any model.</summary>
/// <param name="Name">What goes wrong.</param>
/// <param name="Ids">What the compiler says of it, one of these.</param>
/// <param name="Break">A file, broken; as it was where the declaration has no words for it. The second is config.json's <c>norm_topk_prob</c>.</param>
internal sealed partial record Breakage(string Name, string[] Ids, Func<string, bool, string> Break)
{
    public static IReadOnlyList<Breakage> All { get; } =
    [
        new("gate and up swapped", ["MOE0033"], static (source, _) => ExpertWeights(source, Swap)),
        new("gate and up lie otherwise in one tensor", ["MOE0039"], static (source, _) => ExpertWeights(source, static facts =>
            facts.Any(IsGateUp) ? Toggle(facts, "Interleaved = true") : facts)),
        new("renormalized otherwise", ["MOE0039", "MOE0025", "MOE0003"], Renormalize),
        new("dropped bias", ["MOE0023"], static (source, _) => Weights().Replace(source, static match => Written(match, [.. Facts(match).Where(static fact => !IsBias(fact))]))),
        new("transposed", ["MOE0039"], static (source, _) => ExpertWeights(source, static facts => Toggle(facts, "Transposed = true"))),
    ];

    /// <summary>Changes what <c>[ExpertWeights]</c> says of each block, or would say.</summary>
    private static string ExpertWeights(string source, Func<string[], string[]> change) => Block().Replace(source, block =>
        block.Value.Contains("[ExpertWeights(", StringComparison.Ordinal) ? Weights().Replace(block.Value, match => IsOfExperts(match) ? Written(match, change(Facts(match))) : match.Value)
        : change([]) is { Length: > 0 } facts ? $"[ExpertWeights({string.Join(", ", facts)})]\n{block.Value}"
        : block.Value);

    private static string[] Swap(string[] facts) => facts.Any(IsGateUp)
        ? facts // Gate comes first: there is no other way to say it.
        : [.. facts.Where(static fact => !fact.StartsWith("Gate ", StringComparison.Ordinal) && !fact.StartsWith("Up ", StringComparison.Ordinal)),
            $"Gate = {Value(facts, "Up", "\"up_proj\"")}", $"Up = {Value(facts, "Gate", "\"gate_proj\"")}"];

    private static string[] Toggle(string[] facts, string fact) => facts.Contains(fact) ? [.. facts.Except([fact])] : [.. facts, fact];

    private static string Value(string[] facts, string name, string otherwise) =>
        facts.FirstOrDefault(fact => fact.StartsWith(name + " ", StringComparison.Ordinal)) is { } fact ? fact[(name.Length + " = ".Length)..] : otherwise;

    private static bool IsGateUp(string fact) => fact.StartsWith("GateUp ", StringComparison.Ordinal);

    private static bool IsBias(string fact) => fact.StartsWith("Bias ", StringComparison.Ordinal) || fact.StartsWith("SelectionBias", StringComparison.Ordinal);

    private static bool IsOfExperts(System.Text.RegularExpressions.Match match) => match.Groups["of"].Value == "Expert";

    private static string[] Facts(System.Text.RegularExpressions.Match match) => match.Groups["facts"].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries);

    private static string Written(System.Text.RegularExpressions.Match match, string[] facts) => $"[{match.Groups["of"].Value}Weights({string.Join(", ", facts)})]";

    /// <summary>Against what config.json says, or a constant; or by another router.</summary>
    private static string Renormalize(string source, bool normTopkProb) => NormTopkProb().Replace(
        Router().Replace(source, static match => match.Groups["router"].Value switch
        {
            "GroupLimitedSoftmaxRouter" => "MoeBlock<GroupLimitedSigmoidRouter,",
            "TopKSoftmaxRouter" or "TopKSigmoidRouter" or "SparsemixerRouter" or "Ernie45MoeRouter" => "MoeBlock<SoftmaxTopKRouter,",
            _ => match.Value,
        }),
        match => $"public bool NormTopkProb => {(match.Groups["constant"].Value is "false" || (match.Groups["constant"].Value is "" && !normTopkProb) ? "true" : "false")};");

    [GeneratedRegex(@"\[MoeBlock<[^{;]*?public sealed partial class")]
    private static partial Regex Block();

    [GeneratedRegex(@"\[(?<of>Router|Expert)Weights\((?<facts>[^\]]*)\)\]", RegexOptions.ExplicitCapture)]
    private static partial Regex Weights();

    [GeneratedRegex(@"public bool NormTopkProb (\{ get; init; \}( = \w+;)?|=> (?<constant>true|false);)", RegexOptions.ExplicitCapture)]
    private static partial Regex NormTopkProb();

    [GeneratedRegex(@"MoeBlock<(?<router>\w+),", RegexOptions.ExplicitCapture)]
    private static partial Regex Router();
}
