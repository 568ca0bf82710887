using System.Globalization;
using Microsoft.CodeAnalysis;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Expansion;
using Moesaic.Generators.Parsing;

namespace Moesaic.Generators.Checkpoints;

/// <summary>Whether tensor ranks can share what a model is made of.</summary>
internal sealed class CutCheck(string checkpoint, ParseContext findings)
{
    private const int MostRanks = 1024;

    public void Run(IReadOnlyCollection<(CutNode Node, string Path, Origin? Origin)> cuts, IEnumerable<int> ranks, INamedTypeSymbol model)
    {
        var kinds = cuts.Select(static cut => cut.Node).Distinct().ToArray();
        foreach (var count in ranks)
        {
            foreach (var group in cuts.Where(cut => !cut.Node.Allows(count)).GroupBy(static cut => (cut.Node, NameGroups.Pattern(cut.Path))))
            {
                var (cut, path, origin) = group.First();
                findings.Report(
                    DiagnosticDescriptors.UncuttableModule, origin?.Location ?? model.Locations[0],
                    NameGroups.Text(path, group.Count()), checkpoint, count, cut.MayRepeat ? $"divides its {cut.What} or is a multiple of them" : $"divides its {cut.What}",
                    cut.Total, Near(count, kinds));
            }
        }
    }

    /// <summary>Ranks: <c>4</c>, or several as <c>2, 4</c>; null for what is none.</summary>
    public static IReadOnlyList<int>? Ranks(string text)
    {
        var ranks = new List<int>();
        foreach (var item in text.Trim() == "" ? [] : text.Split(','))
        {
            if (!int.TryParse(item.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1)
            {
                return null;
            }

            ranks.Add(count);
        }

        return [.. ranks.Distinct()];
    }

    private static string Near(int ranks, CutNode[] kinds)
    {
        var fewer = Math.Min(ranks - 1, MostRanks);
        while (!kinds.All(cut => cut.Allows(fewer)))
        {
            fewer--; // One fits.
        }

        var more = Enumerable.Range(ranks, MostRanks).FirstOrDefault(count => kinds.All(cut => cut.Allows(count)));
        return more == 0 ? $"{fewer}" : $"{fewer} or {more}";
    }
}
