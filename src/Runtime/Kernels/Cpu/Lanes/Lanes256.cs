using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Moesaic.Kernels.Cpu;

/// <summary>Eight lanes: AVX2 with FMA.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Vector256<float>>
{
    public static bool IsSupported => Vector256.IsHardwareAccelerated && Fma.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> value, float* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> left, Vector256<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Multiply(Vector256<float> left, Vector256<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Divide(Vector256<float> left, Vector256<float> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Min(Vector256<float> left, Vector256<float> right) => Vector256.Min(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Max(Vector256<float> left, Vector256<float> right) => Vector256.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> value) => Vector256.Exp(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> left, Vector256<float> right, Vector256<float> sum) =>
        Vector256.FusedMultiplyAdd(left, right, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<float> value) => Vector256.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* address) => Sse.Prefetch0(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Even, Vector256<float> Odd) LoadBfloat16(byte* source)
    {
        var pairs = Vector256.Load((uint*)source);
        return (Vector256.ShiftLeft(pairs, 16).AsSingle(), (pairs & Vector256.Create(0xffff0000u)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Even, Vector256<float> Odd) LoadFp8(byte* source, float scale)
    {
        var pairs = Avx2.ConvertToVector256Int32(Vector128.Load((ushort*)source)).AsUInt32();
        var scales = Vector256.Create(scale * E4M3.Rebase);
        return (Magnitude(pairs, 0) * scales, Magnitude(pairs, 8) * scales);

        // Sign, exponent and mantissa at their places in a float32, whose exponent begins 120 lower.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<float> Magnitude(Vector256<uint> pairs, int shift)
        {
            var codes = Vector256.ShiftRightLogical(pairs, shift);
            var sign = Vector256.ShiftLeft(codes & Vector256.Create(0x80u), 24);
            return (sign | Vector256.ShiftLeft(codes & Vector256.Create(0x7fu), 20)).AsSingle();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Even, Vector256<float> Odd) LoadFp4(byte* source, float scale)
    {
        var pairs = Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(*(ulong*)source).AsByte());
        return (Numbers(pairs, scale), Numbers(Vector256.ShiftRightLogical(pairs, 4), scale));

        // The lowest three bits choose, the fourth is the sign.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<float> Numbers(Vector256<int> codes, float scale)
        {
            var magnitudes = Avx2.PermuteVar8x32(Vector256.Create(0f, 0.5f, 1, 1.5f, 2, 3, 4, 6) * scale, codes);
            return (magnitudes.AsInt32() ^ (Vector256.ShiftLeft(codes, 28) & Vector256.Create(int.MinValue))).AsSingle();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Even, Vector256<float> Odd) Split(Vector256<float> first, Vector256<float> second)
    {
        var (even, odd) = (Avx.Shuffle(first, second, 0b10_00_10_00), Avx.Shuffle(first, second, 0b11_01_11_01));
        return (InOrder(even), InOrder(odd));

        // A shuffle works in halves: pairs 0 2 1 3 become 0 1 2 3.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<float> InOrder(Vector256<float> value) => Avx2.Permute4x64(value.AsDouble(), 0b11_01_10_00).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> First, Vector256<float> Second) LoadBfloat16InOrder(byte* source)
    {
        var (first, second) = Vector256.Widen(Vector256.Load((ushort*)source));
        return (Vector256.ShiftLeft(first, 16).AsSingle(), Vector256.ShiftLeft(second, 16).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBfloat16(Vector256<float> first, Vector256<float> second, byte* target) =>
        Vector256.Narrow(Rounded(first), Rounded(second)).Store((ushort*)target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Rounded(Vector256<float> value)
    {
        var bits = value.AsUInt32();
        var rounded = Vector256.ShiftRightLogical(bits + Vector256.Create(0x7fffu) + (Vector256.ShiftRightLogical(bits, 16) & Vector256.Create(1u)), 16);
        return Vector256.ConditionalSelect(Vector256.Equals(value, value).AsUInt32(), rounded, Vector256.Create(0x7fc0u)); // NaN stays one.
    }
}
