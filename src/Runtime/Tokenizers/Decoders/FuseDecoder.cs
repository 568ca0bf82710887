namespace Moesaic.Tokenizers.Decoders;

/// <summary>Makes one token of all.</summary>
internal sealed class FuseDecoder : Decoder
{
    internal override DecoderStage Begin(DecoderStage next) => new Stage(next);

    private sealed class Stage(DecoderStage next) : DecoderStage
    {
        private bool _started;

        internal override void Push(Fragment fragment)
        {
            next.Push(new(fragment.Text, Starts: !_started, Ends: false));
            _started = true;
        }

        internal override void Finish()
        {
            next.Push(new("", Starts: !_started, Ends: true));
            next.Finish();
        }
    }
}
