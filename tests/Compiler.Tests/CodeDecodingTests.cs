using System.Globalization;
using Moesaic.Checkpoints;
using TorchSharp;

namespace Moesaic.Kernels.Tests;

/// <summary>The instructions that make numbers of codes, run one by one: every code and every scale.</summary>
public sealed class CodeDecodingTests
{
    private const uint MinusZero = 0x80008000;

    [Fact]
    public void E4M3_IsEveryNumber()
    {
        foreach (var code in Enumerable.Range(0, 256).Where(static code => (code & 0x7f) != 0x7f))
        {
            // The four places of a register hold different codes, so that none gets a neighbour's bits.
            for (var place = 0; place < 4; place++)
            {
                var others = (uint)(code ^ 0xff) * 0x01010101;
                var registers = Run(CodeDecoding.E4M3("codes", "first", "second", "factor", "zero"), Replace(others, place, 8, code), CodeDecoding.RebaseOfE4M3);
                var pair = registers[place % 2 == 0 ? "first" : "second"];
                Assert.Equal(E4M3(code), Half(pair, place / 2));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(118)]
    [InlineData(127)]
    [InlineData(128)]
    public void E2M1_IsEveryNumberTimesThePower(int exponent)
    {
        float[] numbers = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6];
        var factor = unchecked(((uint)exponent * CodeDecoding.ExponentOfE2M1) + CodeDecoding.RebaseOfE2M1);
        for (var code = 0; code < 16; code++)
        {
            var expected = MathF.ScaleB(code < 8 ? numbers[code] : -numbers[code - 8], exponent - 127);
            for (var place = 0; place < 8; place++)
            {
                var others = (uint)(code ^ 0xf) * 0x11111111;
                var registers = Run(CodeDecoding.E2M1("codes", ["p0", "p1", "p2", "p3"], "factor", "zero"), Pack(Replace(others, place, 4, code)), factor);
                Assert.Equal(expected, Half(registers[$"p{place / 2}"], place % 2));
            }
        }
    }

    /// <summary>By the format's definition: OCP 8-bit floating point, E4M3.</summary>
    private static float E4M3(int code)
    {
        var (sign, exponent, mantissa) = (code >= 128 ? -1f : 1f, (code >> 3) & 15, code & 7);
        return sign * (exponent == 0 ? MathF.ScaleB(mantissa / 8f, -6) : MathF.ScaleB(1 + (mantissa / 8f), exponent - 7));
    }

    private static uint Replace(uint codes, int place, int bits, int code)
    {
        var mask = (1u << bits) - 1;
        return (codes & ~(mask << (place * bits))) | ((uint)code << (place * bits));
    }

    /// <summary>As loading lays codes out.</summary>
    private static uint Pack(uint codes)
    {
        using var bytes = torch.tensor(BitConverter.GetBytes(codes));
        using var words = E2M1Words.Pack(bytes);
        return BitConverter.ToUInt32([.. words.data<byte>()]);
    }

    private static float Half(uint pair, int half) => BitConverter.UInt32BitsToSingle(half == 0 ? pair << 16 : pair & 0xffff0000);

    /// <summary>What the instructions do, by PTX's definition of each.</summary>
    private static Dictionary<string, uint> Run(IEnumerable<string> instructions, uint codes, uint factor)
    {
        var registers = new Dictionary<string, uint>(StringComparer.Ordinal) { ["codes"] = codes, ["factor"] = factor, ["zero"] = MinusZero };
        foreach (var instruction in instructions)
        {
            var parts = instruction.TrimEnd(';').Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
            var (a, b) = (registers[parts[2]], Value(parts[3]));
            registers[parts[1]] = parts[0] switch
            {
                "shl.b32" => a << (int)b,
                "shr.u32" => a >> (int)b,
                "and.b32" => a & b,
                "or.b32" => a | b,
                "fma.rn.bf16x2" => Multiply(a, b, Value(parts[4])),
                var other => throw new NotSupportedException(other),
            };
        }

        return registers;

        uint Value(string operand) => registers.TryGetValue(operand, out var value) ? value
            : operand.StartsWith("0x", StringComparison.Ordinal) ? uint.Parse(operand[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : uint.Parse(operand, CultureInfo.InvariantCulture);
    }

    /// <summary>a b + c in both halves. Products of codes and powers of two need no rounding, which the conversion back asserts.</summary>
    private static uint Multiply(uint a, uint b, uint c)
    {
        var result = 0u;
        for (var half = 0; half < 2; half++)
        {
            var value = ((double)Half(a, half) * Half(b, half)) + Half(c, half);
            var bits = BitConverter.SingleToUInt32Bits((float)value);
            Assert.Equal(value, (double)BitConverter.UInt32BitsToSingle(bits & 0xffff0000));
            result |= half == 0 ? bits >> 16 : bits & 0xffff0000;
        }

        return result;
    }
}
