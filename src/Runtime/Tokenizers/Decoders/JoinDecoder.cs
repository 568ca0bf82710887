namespace Moesaic.Tokenizers.Decoders;

/// <summary>What a tokenizer.json without a decoder means: tokens with a space between.</summary>
internal sealed class JoinDecoder : Decoder
{
    internal override DecoderStage Begin(DecoderStage next) => new Stage(next);

    private sealed class Stage(DecoderStage next) : WholeTokenStage(next)
    {
        private string _separator = "";

        protected override void PushToken(string token)
        {
            Next.Push(new(_separator + token));
            _separator = " ";
        }
    }
}
