using Moesaic.Tokenizers.PreTokenizers;

namespace Moesaic.Tokenizers.Decoders;

/// <summary>Reads the visible character for a space as a space, and drops those that encoding put before the first word.</summary>
internal sealed class MetaspaceDecoder(string replacement, PrependScheme scheme) : Decoder
{
    internal override DecoderStage Begin(DecoderStage next) => new Stage(replacement, scheme != PrependScheme.Never, next);

    private sealed class Stage(string replacement, bool dropsFirst, DecoderStage next) : WholeTokenStage(next)
    {
        private bool _started;

        protected override void PushToken(string token)
        {
            Next.Push(new(token.Replace(replacement, dropsFirst && !_started ? "" : " ", StringComparison.Ordinal)));
            _started = true;
        }
    }
}
