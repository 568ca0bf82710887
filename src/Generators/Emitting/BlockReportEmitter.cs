using System.Globalization;
using Microsoft.CodeAnalysis.Text;
using Moesaic.Generators.Planning;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Emitting;

/// <summary>Writes, in one comment, every decision of every block and the lines that make it: <c>(Mixtral.cs:28, 29)</c>.</summary>
internal static class BlockReportEmitter
{
    public static SourceText Write(IEnumerable<MoeBlockPlan> plans, IEnumerable<BlockLinesSpec> lines)
    {
        var writer = new SourceWriter();
        var known = lines.ToDictionary(static block => block.FullName, StringComparer.Ordinal);
        GeneratedFile.WriteComment(writer, nameof(MoeBlockGenerator), "the blocks of this assembly: each decision, and the lines that make it", [.. plans
            .OrderBy(static plan => plan.Spec.Type.FullName, StringComparer.Ordinal)
            .SelectMany(plan => known.TryGetValue(plan.Spec.Type.FullName, out var at) ? Facts(plan, at) : [])]);
        return writer.ToSourceText();
    }

    private static IEnumerable<string> Facts(MoeBlockPlan plan, BlockLinesSpec at)
    {
        int[][] lines = [[at.Block, at.Router], [at.Block, at.Experts], [at.Shared], [at.Forward]];
        yield return plan.Spec.Type.FullName;
        foreach (var (decision, from) in MoeBlockFacts.Decisions(plan.Spec).Zip(lines, static (decision, from) => (decision, from.Where(static line => line > 0).OrderBy(static line => line).ToArray())))
        {
            yield return $"  {decision} ({(from.Length == 0 ? "default" : $"{at.File}:{string.Join(", ", from.Select(static line => line.ToString(CultureInfo.InvariantCulture)))}")})";
        }
    }
}
