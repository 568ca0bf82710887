using Microsoft.CodeAnalysis.Text;
using Moesaic.Generators.Planning;

namespace Moesaic.Generators.Emitting;

/// <summary>Writes the generated part of a block: children, weight rules, forward, registration.</summary>
internal static class MoeBlockEmitter
{
    public static SourceText Write(MoeBlockPlan plan)
    {
        var writer = new SourceWriter();
        GeneratedFile.WriteHeader(writer, nameof(MoeBlockGenerator), plan.Spec.Type.FullName, MoeBlockFacts.Of(plan));
        GeneratedFile.OpenType(writer, plan.Spec.Type);
        MoeBlockChildren.Write(writer, plan.Spec);
        WriteRules(writer, plan);
        MoeBlockDeclaration.Write(writer, plan.Spec);
        if (!plan.Spec.WritesForward)
        {
            MoeBlockForward.Write(writer, plan.Spec);
        }

        RegistrationEmitter.Write(writer, plan.Registrations, plan.Spec.CallsBase);
        GeneratedFile.CloseType(writer, plan.Spec.Type);
        return writer.ToSourceText();
    }

    private static void WriteRules(SourceWriter writer, MoeBlockPlan plan)
    {
        writer.Separate();
        writer.Write("""
            /// <summary>Where each checkpoint tensor of the experts goes.</summary>
            public override global::System.Collections.Generic.IReadOnlyList<global::Moesaic.WeightRule> WeightRules { get; } =
            [
            """);
        foreach (var rule in plan.Rules)
        {
            var facts = string.Join(", ", Facts(rule));
            writer.Write($"    new({CSharpText.Literal(rule.Tensor)}, {CSharpText.Literal(rule.Parameter)}){(facts == "" ? "" : $" {{ {facts} }}")},");
        }

        writer.Write("];");
    }

    private static IEnumerable<string> Facts(PlannedRule rule)
    {
        if (rule.Slice != PlannedSlice.Whole)
        {
            yield return $"Slice = global::Moesaic.WeightSlice.{rule.Slice}";
        }

        if (rule.Flat)
        {
            yield return "Flat = true";
        }

        if (rule.Transposed)
        {
            yield return "Transposed = true";
        }

        if (rule.Interleaved)
        {
            yield return "Interleaved = true";
        }
    }
}
