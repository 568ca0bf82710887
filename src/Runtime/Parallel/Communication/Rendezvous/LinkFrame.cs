using System.Buffers.Binary;

namespace Moesaic.Communication;

/// <summary>What ranks tell the first one and it tells them; never a tensor.</summary>
/// <param name="Group">Of <see cref="LinkWord.Numbers"/>: which ranks give theirs.</param>
/// <param name="Rank">The sender's place among them.</param>
/// <param name="Size">How many they are.</param>
internal readonly record struct LinkFrame(LinkWord Word, long Group, int Rank, int Size, byte[] Payload)
{
    private const int Magic = 0x314E524D; // MRN1
    private const int HeaderBytes = 28;
    private const int MostBytes = 1 << 24;

    /// <summary>The next one; null where the connection has ended, or where what speaks is no rank.</summary>
    internal static LinkFrame? Read(Stream stream)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        try
        {
            if (stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || Number(header, 0) != Magic || Number(header, 6) is < 0 or > MostBytes)
            {
                return null;
            }

            var payload = new byte[Number(header, 6)];
            stream.ReadExactly(payload);
            return new((LinkWord)Number(header, 1), BinaryPrimitives.ReadInt64LittleEndian(header[8..]), Number(header, 4), Number(header, 5), payload);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <returns>False where the connection has ended.</returns>
    internal bool Write(Stream stream)
    {
        var bytes = new byte[HeaderBytes + Payload.Length];
        Set(bytes, 0, Magic);
        Set(bytes, 1, (int)Word);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), Group);
        Set(bytes, 4, Rank);
        Set(bytes, 5, Size);
        Set(bytes, 6, Payload.Length);
        Payload.CopyTo(bytes, HeaderBytes);
        try
        {
            stream.Write(bytes);
            return true;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static int Number(ReadOnlySpan<byte> header, int index) => BinaryPrimitives.ReadInt32LittleEndian(header[(4 * index)..]);

    private static void Set(Span<byte> header, int index, int value) => BinaryPrimitives.WriteInt32LittleEndian(header[(4 * index)..], value);
}
