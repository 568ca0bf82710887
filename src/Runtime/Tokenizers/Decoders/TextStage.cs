using System.Text;

namespace Moesaic.Tokenizers.Decoders;

/// <summary>The last stage: collects the text.</summary>
internal sealed class TextStage : DecoderStage
{
    private readonly StringBuilder _text = new();

    internal override void Push(Fragment fragment) => _text.Append(fragment.Text);

    internal override void Finish()
    {
    }

    /// <summary>What came since the last call.</summary>
    internal string Take()
    {
        var text = _text.ToString();
        _text.Clear();
        return text;
    }
}
