namespace Moesaic.Tokenizers.PostProcessors;

/// <summary>Special tokens before, between and behind the text, as a template says.</summary>
/// <param name="template">Ids to write as they are; null stands for the text.</param>
internal sealed class TemplateProcessor(IReadOnlyList<int?> template) : PostProcessor
{
    internal override IReadOnlyList<int> Process(IReadOnlyList<int> ids) => [.. template.SelectMany(id => id is { } special ? [special] : ids)];
}
