using System.Globalization;
using System.Text;

namespace Moesaic.Tokenizers.Decoders;

/// <summary>Reads tokens such as &lt;0xE2&gt; as bytes of UTF-8.</summary>
/// <remarks>
/// A run of such tokens is text if all of it is valid, and otherwise one U+FFFD for each byte. So no byte of a run is
/// certain before the run ends.
/// </remarks>
internal sealed class ByteFallbackDecoder : Decoder
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal override DecoderStage Begin(DecoderStage next) => new Stage(next);

    /// <summary>The byte that a token stands for; null if it stands for itself.</summary>
    private static byte? ByteOf(string token) =>
        token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
        && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;

    private sealed class Stage(DecoderStage next) : WholeTokenStage(next)
    {
        private readonly List<byte> _run = [];

        internal override void Finish()
        {
            EndRun();
            base.Finish();
        }

        protected override void PushToken(string token)
        {
            if (ByteOf(token) is { } value)
            {
                _run.Add(value);
                return;
            }

            EndRun();
            Next.Push(new(token));
        }

        private void EndRun()
        {
            if (_run.Count == 0)
            {
                return;
            }

            try
            {
                Next.Push(new(Strict.GetString([.. _run])));
            }
            catch (DecoderFallbackException)
            {
                for (var i = 0; i < _run.Count; i++)
                {
                    Next.Push(new("\uFFFD"));
                }
            }

            _run.Clear();
        }
    }
}
