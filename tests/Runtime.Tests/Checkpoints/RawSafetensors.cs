using System.Buffers.Binary;
using System.Text;

namespace Moesaic.Tests.Checkpoints;

/// <summary>Safetensors files with any header, right or wrong.</summary>
internal static class RawSafetensors
{
    public static byte[] Bytes(string header, int dataLength) => Bytes(Encoding.UTF8.GetBytes(header), new byte[dataLength]);

    public static byte[] Bytes(byte[] header, byte[] data)
    {
        var prefix = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        return [.. prefix, .. header, .. data];
    }

    public static void Write(string path, string header, int dataLength) => File.WriteAllBytes(path, Bytes(header, dataLength));
}
