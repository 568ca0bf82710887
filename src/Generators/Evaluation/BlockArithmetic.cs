using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Known;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Evaluation;

/// <summary>Whether the numbers of a block fit together, as far as they are known: from constants of its config, or from a config.json.</summary>
internal static class BlockArithmetic
{
    /// <param name="spec">The block.</param>
    /// <param name="evaluator">What expressions come to.</param>
    /// <param name="scope">What they see.</param>
    /// <param name="location">Where to say what is wrong.</param>
    public static IEnumerable<Diagnostic> Check(MoeBlockSpec spec, Evaluator evaluator, Scope scope, Location? location)
    {
        var experts = Number(spec.Sizes.NumExperts);
        var topK = Number(Argument("topK"));
        var (groups, kept) = (Number(Argument("numExpertGroups")), Number(Argument("topkGroup")));
        var fixedK = spec.Router.QualifiedName == KnownTypes.SparsemixerRouter && topK is not (null or 2)
            ? [Say("it takes {0} experts per token, and sparsemixer chooses 2", topK, null)]
            : Array.Empty<string>();
        foreach (var wrong in Wrong(experts, topK, groups, kept).Concat(fixedK))
        {
            yield return Diagnostic.Create(DiagnosticDescriptors.WrongArithmetic, location, spec.Type.Name, wrong);
        }

        if (topK == 1 && Argument("normTopkProb") is { } renormalize && Evaluate(renormalize) is BooleanValue { Boolean: true })
        {
            yield return Diagnostic.Create(DiagnosticDescriptors.RenormalizedOne, location, spec.Type.Name);
        }

        if (spec.SharedExperts is { Optional: false } && Number(spec.Sizes.SharedExpertsIntermediateSize) == 0)
        {
            yield return Diagnostic.Create(DiagnosticDescriptors.SharedExpertsOfNoWidth, location, spec.Type.Name, Name(spec.Sizes.SharedExpertsIntermediateSize));
        }

        string? Argument(string parameter) => spec.Router.Arguments.FirstOrDefault(argument => argument.Parameter == parameter)?.Value;

        long? Number(string? expression) => expression is not null && Evaluate(expression) is NumberValue { IsWhole: true } number ? (long)number.Number : null;

        Value Evaluate(string expression) => evaluator.Evaluate(SyntaxFactory.ParseExpression(expression), scope);
    }

    // A comparison with a number that is not known is false.
    private static IEnumerable<string> Wrong(long? experts, long? topK, long? groups, long? kept)
    {
        if (topK < 1 || topK > experts)
        {
            yield return Say("{0} experts per token, of {1}", topK, experts);
        }

        if (groups < 1 || (groups > 0 && experts % groups is > 0))
        {
            yield return Say("{1} experts do not form {0} groups of one size", groups, experts);
        }
        else if (kept < 1 || kept > groups)
        {
            yield return Say("a token keeps {0} of {1} groups", kept, groups);
        }
        else if (topK > kept * (experts / groups))
        {
            yield return Say("{0} experts per token, and the groups that a token keeps have {1}", topK, kept * (experts / groups));
        }
    }

    private static string Say(string format, long? first, long? second) =>
        string.Format(CultureInfo.InvariantCulture, format, (object?)first ?? "some", (object?)second ?? "some");

    private static string Name(string expression) => expression.Substring(expression.LastIndexOf('.') + 1);
}
