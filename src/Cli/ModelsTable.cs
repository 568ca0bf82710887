namespace Moesaic.Cli;

/// <summary>The architectures as a table, from what the generator wrote of each: text for a terminal, Markdown for a page.</summary>
internal static class ModelsTable
{
    private static readonly string[] Columns = ["model_type", "architecture", "attention", "router", "activation", "experts", "shared experts"];

    internal static void WriteText(TextWriter writer, IReadOnlyList<ModelDefinition> models)
    {
        string[][] rows = [Columns, .. models.Select(Row)];
        var widths = Columns.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            writer.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    internal static void WriteMarkdown(TextWriter writer, IReadOnlyList<ModelDefinition> models)
    {
        writer.WriteLine($"| {string.Join(" | ", Columns)} |");
        writer.WriteLine($"|{string.Concat(Columns.Select(_ => "---|"))}");
        foreach (var model in models)
        {
            writer.WriteLine($"| {string.Join(" | ", Row(model))} |");
        }
    }

    private static string[] Row(ModelDefinition model) =>
    [
        model.ModelType,
        string.Join(", ", model.Architectures),
        string.Join(", ", model.Mixers),
        Each(model, block => block.Router),
        Each(model, block => block.Activation),
        Each(model, block => block.Experts),
        Each(model, block => block.SharedExperts),
    ];

    /// <summary>What the blocks say, where a config chooses between several.</summary>
    private static string Each(ModelDefinition model, Func<BlockOutline, string> fact) => string.Join(" or ", model.Blocks.Select(fact).Distinct());
}
