namespace Moesaic.Tokenizers.Decoders;

/// <summary>A stage that needs to see a whole token at a time.</summary>
internal abstract class WholeTokenStage(DecoderStage next) : DecoderStage
{
    private string _token = "";

    protected DecoderStage Next => next;

    internal sealed override void Push(Fragment fragment)
    {
        _token = fragment.Starts ? fragment.Text : _token + fragment.Text;
        if (fragment.Ends)
        {
            PushToken(_token);
        }
    }

    internal override void Finish() => next.Finish();

    protected abstract void PushToken(string token);
}
