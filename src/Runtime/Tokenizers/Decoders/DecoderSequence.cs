namespace Moesaic.Tokenizers.Decoders;

/// <summary>Decoders one after the other.</summary>
internal sealed class DecoderSequence(IReadOnlyList<Decoder> decoders) : Decoder
{
    internal override DecoderStage Begin(DecoderStage next) => decoders.Reverse().Aggregate(next, static (next, decoder) => decoder.Begin(next));
}
