namespace Moesaic.Tokenizers.Decoders;

/// <summary>Takes up to so many of a character off the start and off the end of each token.</summary>
internal sealed class StripDecoder(string content, int start, int stop) : Decoder
{
    internal override DecoderStage Begin(DecoderStage next) => new Stage(content, start, stop, next);

    private sealed class Stage(string content, int start, int stop, DecoderStage next) : DecoderStage
    {
        private int _leading; // still to take off the start
        private string _held = ""; // copies of the character behind which the token may end

        internal override void Push(Fragment fragment)
        {
            (_leading, _held) = fragment.Starts ? (start, "") : (_leading, _held);
            var text = _held + TakeLeading(fragment.Text);
            var end = text.Length;
            for (var i = 0; i < stop && text.AsSpan(0, end).EndsWith(content, StringComparison.Ordinal); i++)
            {
                end -= content.Length;
            }

            _held = text[end..];
            next.Push(fragment with { Text = text[..end] });
        }

        internal override void Finish() => next.Finish();

        private string TakeLeading(string text)
        {
            var at = 0;
            while (_leading > 0 && at < text.Length)
            {
                if (text.AsSpan(at).StartsWith(content, StringComparison.Ordinal))
                {
                    at += content.Length;
                    _leading--;
                }
                else
                {
                    _leading = 0;
                }
            }

            return text[at..];
        }
    }
}
