namespace Moesaic.Tokenizers.PostProcessors;

/// <summary>Post-processors one after the other; none adds nothing, and so does ByteLevel, which only moves offsets that we do not give.</summary>
internal sealed class PostProcessorSequence(IReadOnlyList<PostProcessor> processors) : PostProcessor
{
    internal override IReadOnlyList<int> Process(IReadOnlyList<int> ids) => processors.Aggregate(ids, static (ids, processor) => processor.Process(ids));
}
