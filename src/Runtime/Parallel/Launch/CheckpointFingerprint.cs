using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Moesaic.Checkpoints;

namespace Moesaic;

/// <summary>Few bytes that tell one checkpoint from another, without reading it: ranks that share a model must have the same.</summary>
internal static class CheckpointFingerprint
{
    private const int Samples = 256;
    private const int SampleBytes = 64;

    /// <summary>Names, shapes and dtypes of all tensors, and some bytes at the beginning, in the middle and at the end of up to 256 of them; 16 hexadecimal digits.</summary>
    internal static unsafe string Of(IReadOnlyList<CheckpointTensor> tensors)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var step = Math.Max(1, (tensors.Count + Samples - 1) / Samples);
        foreach (var (index, tensor) in tensors.Index())
        {
            digest.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{tensor.Name} {tensor.Dtype.Name} {string.Join(',', tensor.Shape)}\n")));
            if (index % step == 0)
            {
                var (length, last) = ((int)Math.Min(SampleBytes, tensor.ByteLength), tensor.ByteLength - Math.Min(SampleBytes, tensor.ByteLength));
                digest.AppendData(new ReadOnlySpan<byte>((void*)tensor.Address, length));
                digest.AppendData(new ReadOnlySpan<byte>((void*)(tensor.Address + (nint)(last / 2)), length));
                digest.AppendData(new ReadOnlySpan<byte>((void*)(tensor.Address + (nint)last), length));
                tensor.ReleasePages();
            }
        }

        return Short(digest.GetHashAndReset());
    }

    /// <summary>The same of a file's content.</summary>
    internal static string Of(string path) => Short(SHA256.HashData(File.ReadAllBytes(path)));

    private static string Short(byte[] digest) => Convert.ToHexStringLower(digest.AsSpan(0, 8));
}
