namespace Moesaic.Tests.Checkpoints;

/// <summary>Damages bytes as disks, editors and people do, the same way for the same seed.</summary>
internal static class Mutation
{
    public static byte[] Of(byte[] original, int seed)
    {
        var random = new Random(seed);
        List<byte> bytes = [.. original];
        for (var i = random.Next(1, 4); i > 0 && bytes.Count > 0; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at));
                    break;
                case 3:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 4:
                    bytes.InsertRange(at, bytes[at..Math.Min(bytes.Count, at + random.Next(1, 40))]);
                    break;
                default:
                    ReplaceNumber(bytes, at, random);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>The next number of a JSON text becomes another: a small one, a huge one, a negative one, no number.</summary>
    private static void ReplaceNumber(List<byte> bytes, int at, Random random)
    {
        string[] numbers = ["0", "1", "-1", "2147483647", "2147483648", "9223372036854775807", "18446744073709551616", "1e400", "0.5", "null", "\"3\"", "[]"];
        while (at < bytes.Count && !char.IsAsciiDigit((char)bytes[at]))
        {
            at++;
        }

        while (at < bytes.Count && char.IsAsciiDigit((char)bytes[at]))
        {
            bytes.RemoveAt(at);
        }

        bytes.InsertRange(at, System.Text.Encoding.ASCII.GetBytes(numbers[random.Next(numbers.Length)]));
    }
}
