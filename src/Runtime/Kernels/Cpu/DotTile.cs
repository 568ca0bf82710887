using System.Runtime.CompilerServices;

namespace Moesaic.Kernels.Cpu;

/// <summary>Dot products of four rows of weights with the inputs of one token or of four, each weight read once.</summary>
/// <remarks>
/// A product is summed in the same order whichever of the two computes it, so that a token's result does not depend on its batch.
/// Inputs are float32 in the order of the format's blocks, padded with zeros to whole blocks.
/// </remarks>
internal static unsafe class DotTile<TLanes, TVector, TFormat>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
    where TFormat : struct, IWeightFormat<TVector>
{
    internal const int Tokens = 4;

    private const int Line = 64;

    private static int Lanes => sizeof(TVector) / sizeof(float);

    // Two rows far apart are read as fast as memory gives them, four are not; but of a format with small rows, two are too little work at once.
    private static bool ReadsPairs => TFormat.BytesOf(Lanes) >= 2 * Lanes;

    /// <param name="length">Of a row.</param>
    /// <param name="sums">[4]: by row.</param>
    internal static void One(in TileRows rows, float* x, int length, float* sums)
    {
        if (ReadsPairs)
        {
            Pair(rows.First, rows.Second, rows.Ahead, x, length, sums);
            Pair(rows.Third, rows.Fourth, rows.Ahead, x, length, sums + 2);
        }
        else
        {
            All(rows, x, length, sums);
        }

        var whole = length / (2 * Lanes) * (2 * Lanes);
        if (whole < length)
        {
            AddRest(rows, x, whole, length, sums);
        }
    }

    /// <param name="x0">The input of the first token.</param>
    /// <param name="length">Of a row.</param>
    /// <param name="sums">[4, 4]: by token, by row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Four(in TileRows rows, float* x0, float* x1, float* x2, float* x3, int length, float* sums)
    {
        var (row0, row1, row2, row3, ahead) = (rows.First, rows.Second, rows.Third, rows.Fourth, 2 * rows.Ahead);
        var (sum00, sum01, sum02, sum03) = (default(TVector), default(TVector), default(TVector), default(TVector));
        var (sum10, sum11, sum12, sum13) = (sum00, sum00, sum00, sum00);
        var (sum20, sum21, sum22, sum23) = (sum00, sum00, sum00, sum00);
        var (sum30, sum31, sum32, sum33) = (sum00, sum00, sum00, sum00);
        nint k = 0;
        for (; k + (2 * Lanes) <= length; k += 2 * Lanes)
        {
            Prefetch(row0, ahead, k);
            Prefetch(row1, ahead, k);
            Prefetch(row2, ahead, k);
            Prefetch(row3, ahead, k);
            var (a0, b0) = TFormat.Load(row0.Values, row0.Scales, k);
            var (a1, b1) = TFormat.Load(row1.Values, row1.Scales, k);
            var (a2, b2) = TFormat.Load(row2.Values, row2.Scales, k);
            var (a3, b3) = TFormat.Load(row3.Values, row3.Scales, k);
            var x = TLanes.Load(x0 + k);
            sum00 = TLanes.MultiplyAdd(a0, x, sum00);
            sum01 = TLanes.MultiplyAdd(a1, x, sum01);
            sum02 = TLanes.MultiplyAdd(a2, x, sum02);
            sum03 = TLanes.MultiplyAdd(a3, x, sum03);
            x = TLanes.Load(x1 + k);
            sum10 = TLanes.MultiplyAdd(a0, x, sum10);
            sum11 = TLanes.MultiplyAdd(a1, x, sum11);
            sum12 = TLanes.MultiplyAdd(a2, x, sum12);
            sum13 = TLanes.MultiplyAdd(a3, x, sum13);
            x = TLanes.Load(x2 + k);
            sum20 = TLanes.MultiplyAdd(a0, x, sum20);
            sum21 = TLanes.MultiplyAdd(a1, x, sum21);
            sum22 = TLanes.MultiplyAdd(a2, x, sum22);
            sum23 = TLanes.MultiplyAdd(a3, x, sum23);
            x = TLanes.Load(x3 + k);
            sum30 = TLanes.MultiplyAdd(a0, x, sum30);
            sum31 = TLanes.MultiplyAdd(a1, x, sum31);
            sum32 = TLanes.MultiplyAdd(a2, x, sum32);
            sum33 = TLanes.MultiplyAdd(a3, x, sum33);
            x = TLanes.Load(x0 + k + Lanes);
            sum00 = TLanes.MultiplyAdd(b0, x, sum00);
            sum01 = TLanes.MultiplyAdd(b1, x, sum01);
            sum02 = TLanes.MultiplyAdd(b2, x, sum02);
            sum03 = TLanes.MultiplyAdd(b3, x, sum03);
            x = TLanes.Load(x1 + k + Lanes);
            sum10 = TLanes.MultiplyAdd(b0, x, sum10);
            sum11 = TLanes.MultiplyAdd(b1, x, sum11);
            sum12 = TLanes.MultiplyAdd(b2, x, sum12);
            sum13 = TLanes.MultiplyAdd(b3, x, sum13);
            x = TLanes.Load(x2 + k + Lanes);
            sum20 = TLanes.MultiplyAdd(b0, x, sum20);
            sum21 = TLanes.MultiplyAdd(b1, x, sum21);
            sum22 = TLanes.MultiplyAdd(b2, x, sum22);
            sum23 = TLanes.MultiplyAdd(b3, x, sum23);
            x = TLanes.Load(x3 + k + Lanes);
            sum30 = TLanes.MultiplyAdd(b0, x, sum30);
            sum31 = TLanes.MultiplyAdd(b1, x, sum31);
            sum32 = TLanes.MultiplyAdd(b2, x, sum32);
            sum33 = TLanes.MultiplyAdd(b3, x, sum33);
        }

        Store(sum00, sum01, sum02, sum03, sums);
        Store(sum10, sum11, sum12, sum13, sums + 4);
        Store(sum20, sum21, sum22, sum23, sums + 8);
        Store(sum30, sum31, sum32, sum33, sums + 12);
        if (k < length)
        {
            AddRest(rows, x0, k, length, sums);
            AddRest(rows, x1, k, length, sums + 4);
            AddRest(rows, x2, k, length, sums + 8);
            AddRest(rows, x3, k, length, sums + 12);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector sum0, TVector sum1, TVector sum2, TVector sum3, float* sums)
    {
        sums[0] = TLanes.Sum(sum0);
        sums[1] = TLanes.Sum(sum1);
        sums[2] = TLanes.Sum(sum2);
        sums[3] = TLanes.Sum(sum3);
    }

    /// <summary>The products of two rows, without what does not fill a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pair(WeightRow row0, WeightRow row1, nint ahead, float* x, int length, float* sums)
    {
        var (sum0, sum1) = (default(TVector), default(TVector));
        for (nint k = 0; k + (2 * Lanes) <= length; k += 2 * Lanes)
        {
            Prefetch(row0, ahead, k);
            Prefetch(row1, ahead, k);
            var x0 = TLanes.Load(x + k);
            var x1 = TLanes.Load(x + k + Lanes);
            var (a, b) = TFormat.Load(row0.Values, row0.Scales, k);
            sum0 = TLanes.MultiplyAdd(b, x1, TLanes.MultiplyAdd(a, x0, sum0));
            (a, b) = TFormat.Load(row1.Values, row1.Scales, k);
            sum1 = TLanes.MultiplyAdd(b, x1, TLanes.MultiplyAdd(a, x0, sum1));
        }

        sums[0] = TLanes.Sum(sum0);
        sums[1] = TLanes.Sum(sum1);
    }

    /// <summary>The products of four rows, likewise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void All(in TileRows rows, float* x, int length, float* sums)
    {
        var (row0, row1, row2, row3, ahead) = (rows.First, rows.Second, rows.Third, rows.Fourth, 2 * rows.Ahead);
        var (sum0, sum1, sum2, sum3) = (default(TVector), default(TVector), default(TVector), default(TVector));
        for (nint k = 0; k + (2 * Lanes) <= length; k += 2 * Lanes)
        {
            Prefetch(row0, ahead, k);
            Prefetch(row1, ahead, k);
            Prefetch(row2, ahead, k);
            Prefetch(row3, ahead, k);
            var x0 = TLanes.Load(x + k);
            var x1 = TLanes.Load(x + k + Lanes);
            var (a, b) = TFormat.Load(row0.Values, row0.Scales, k);
            sum0 = TLanes.MultiplyAdd(b, x1, TLanes.MultiplyAdd(a, x0, sum0));
            (a, b) = TFormat.Load(row1.Values, row1.Scales, k);
            sum1 = TLanes.MultiplyAdd(b, x1, TLanes.MultiplyAdd(a, x0, sum1));
            (a, b) = TFormat.Load(row2.Values, row2.Scales, k);
            sum2 = TLanes.MultiplyAdd(b, x1, TLanes.MultiplyAdd(a, x0, sum2));
            (a, b) = TFormat.Load(row3.Values, row3.Scales, k);
            sum3 = TLanes.MultiplyAdd(b, x1, TLanes.MultiplyAdd(a, x0, sum3));
        }

        Store(sum0, sum1, sum2, sum3, sums);
    }

    // The row that is read next. A row is about a page, where the hardware's own prefetching stops.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(WeightRow row, nint ahead, nint element)
    {
        for (nint offset = 0; offset < TFormat.BytesOf(2 * Lanes); offset += Line)
        {
            TLanes.Prefetch(row.Values + TFormat.BytesOf(element) + ahead + offset);
        }
    }

    /// <summary>Adds the products of the last block, which the rows do not fill, of one token.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddRest(in TileRows rows, float* x, nint element, int length, float* sums)
    {
        var (x0, x1) = (TLanes.Load(x + element), TLanes.Load(x + element + Lanes));
        sums[0] += Rest(rows.First, x0, x1, element, length);
        sums[1] += Rest(rows.Second, x0, x1, element, length);
        sums[2] += Rest(rows.Third, x0, x1, element, length);
        sums[3] += Rest(rows.Fourth, x0, x1, element, length);
    }

    private static float Rest(WeightRow row, TVector x0, TVector x1, nint element, int length)
    {
        var block = stackalloc byte[2 * sizeof(TVector)]; // Zeros: what lies beyond the row may be another's, or nothing.
        Buffer.MemoryCopy(row.Values + TFormat.BytesOf(element), block, 2 * sizeof(TVector), TFormat.BytesOf(length - element));
        var (a, b) = TFormat.Load(block - TFormat.BytesOf(element), row.Scales, element);
        return TLanes.Sum(TLanes.MultiplyAdd(b, x1, TLanes.Multiply(a, x0)));
    }
}
