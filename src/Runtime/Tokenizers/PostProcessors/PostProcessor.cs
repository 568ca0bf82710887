namespace Moesaic.Tokenizers.PostProcessors;

/// <summary>Puts special tokens around encoded text. Safe for concurrent use.</summary>
internal abstract class PostProcessor
{
    internal abstract IReadOnlyList<int> Process(IReadOnlyList<int> ids);
}
