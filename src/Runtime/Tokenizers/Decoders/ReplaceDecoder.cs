using Moesaic.Tokenizers.Patterns;

namespace Moesaic.Tokenizers.Decoders;

/// <summary>Replaces every match of a pattern in a token: ▁ by a space.</summary>
internal sealed class ReplaceDecoder(Pattern pattern, string content) : Decoder
{
    internal override DecoderStage Begin(DecoderStage next) =>
        pattern is LiteralPattern { IsOneUnit: true } ? new UnitStage(pattern, content, next) : new Stage(pattern, content, next);

    private sealed class Stage(Pattern pattern, string content, DecoderStage next) : WholeTokenStage(next)
    {
        protected override void PushToken(string token) => Next.Push(new(pattern.Replace(token, content)));
    }

    /// <summary>One character is never cut in two by fragments, so nothing need be held back.</summary>
    private sealed class UnitStage(Pattern pattern, string content, DecoderStage next) : DecoderStage
    {
        internal override void Push(Fragment fragment) => next.Push(fragment with { Text = pattern.Replace(fragment.Text, content) });

        internal override void Finish() => next.Finish();
    }
}
