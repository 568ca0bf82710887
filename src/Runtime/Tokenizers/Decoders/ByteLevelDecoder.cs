using System.Text;
using Moesaic.Tokenizers.Unicode;

namespace Moesaic.Tokenizers.Decoders;

/// <summary>Reads the characters of byte-level tokens as bytes of UTF-8; a token with any other character stands for itself.</summary>
/// <remarks>Bytes that are no UTF-8 become U+FFFD, one for each longest run that a character might start with.</remarks>
internal sealed class ByteLevelDecoder : Decoder
{
    internal override DecoderStage Begin(DecoderStage next) => new Stage(next);

    private sealed class Stage(DecoderStage next) : WholeTokenStage(next)
    {
        private readonly System.Text.Decoder _utf8 = Encoding.UTF8.GetDecoder();
        private bool _started;

        internal override void Finish()
        {
            Push([], ends: true);
            base.Finish();
        }

        protected override void PushToken(string token)
        {
            Span<byte> bytes = token.Length <= 256 ? stackalloc byte[token.Length] : new byte[token.Length];
            for (var i = 0; i < token.Length; i++)
            {
                var value = ByteAlphabet.ByteOf(token[i]);
                if (value < 0)
                {
                    Push(Encoding.UTF8.GetBytes(token), ends: false);
                    return;
                }

                bytes[i] = (byte)value;
            }

            Push(bytes, ends: false);
        }

        /// <summary>All is one token, as behind Fuse; bytes of a character that is incomplete wait in the UTF-8 decoder.</summary>
        private void Push(ReadOnlySpan<byte> bytes, bool ends)
        {
            Span<char> buffer = bytes.Length < 256 ? stackalloc char[bytes.Length + 4] : new char[bytes.Length + 4];
            var count = _utf8.GetChars(bytes, buffer, flush: ends);
            Next.Push(new(new string(buffer[..count]), Starts: !_started, Ends: ends));
            _started = true;
        }
    }
}
