using System.Runtime.CompilerServices;

namespace Moesaic.Kernels.Cpu;

/// <summary>The same for a vector width and a format of weights.</summary>
[SkipLocalsInit]
internal sealed unsafe class VectorKernel<TLanes, TVector, TFormat> : VectorKernel
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
    where TFormat : struct, IWeightFormat<TVector>
{
    // Rows that a piece of weights is used for before the next piece: their inputs and the piece share the second cache.
    private const int RowsAtOnce = 32;

    private static int Lanes => sizeof(TVector) / sizeof(float);

    internal override void Arrange(byte* x, int hiddenSize, float* inputs)
    {
        var k = 0;
        for (; k + (2 * Lanes) <= hiddenSize; k += 2 * Lanes)
        {
            var (first, second) = TFormat.Load(x, null, k);
            TLanes.Store(first, inputs + k);
            TLanes.Store(second, inputs + k + Lanes);
        }

        new Span<float>(inputs + k, Padded(hiddenSize) - k).Clear();
        if (k < hiddenSize)
        {
            var block = stackalloc byte[2 * sizeof(TVector)];
            new Span<byte>(block, 2 * sizeof(TVector)).Clear();
            Buffer.MemoryCopy(x + TFormat.BytesOf(k), block, 2 * sizeof(TVector), TFormat.BytesOf(hiddenSize - k));
            var (first, second) = TFormat.Load(block, null, 0);
            TLanes.Store(first, inputs + k);
            TLanes.Store(second, inputs + k + Lanes);
        }
    }

    internal override void GateUp(StreamedCall call, int piece, float* inputs, float* hidden)
    {
        var pieces = Padded(call.IntermediateSize) / Padding;
        var (index, first) = (piece / pieces, piece % pieces * Padding);
        var (span, expert) = (call.Rows.WithFew[index], call.Experts[index]);
        var count = Math.Min(Padding, call.IntermediateSize - first);
        var pitch = Padded(call.HiddenSize);
        var gate = stackalloc float[RowsAtOnce * Padding];
        var up = stackalloc float[RowsAtOnce * Padding];
        var x = stackalloc float*[RowsAtOnce];
        for (var start = 0; start < span.Count; start += RowsAtOnce)
        {
            var rows = Math.Min(RowsAtOnce, span.Count - start);
            for (var row = 0; row < rows; row++)
            {
                x[row] = inputs + ((nint)call.Rows.Tokens[span.Start + start + row] * pitch);
            }

            if (call.Gated)
            {
                Pairs(expert, first, count, call.IntermediateSize, x, rows, call.HiddenSize, gate, up);
            }
            else
            {
                Rows(expert.Gate, first, count, call.IntermediateSize, x, rows, call.HiddenSize, gate, Padding);
            }

            for (var row = 0; row < rows; row++)
            {
                var gateRow = gate + (row * Padding);
                var upRow = up + (row * Padding);
                AddBiases(call, span.Expert, first, count, gateRow, upRow);
                call.Activation.Apply(gateRow, upRow, count);
                var target = hidden + ((nint)(span.Start + start + row) * Padded(call.IntermediateSize)) + first;
                Arrange(gateRow, count, target);
            }
        }
    }

    internal override void Down(StreamedCall call, int piece, float* hidden, float* outputs)
    {
        var pieces = Padded(call.HiddenSize) / Padding;
        var (index, first) = (piece / pieces, piece % pieces * Padding);
        var (span, expert) = (call.Rows.WithFew[index], call.Experts[index]);
        var count = Math.Min(Padding, call.HiddenSize - first);
        var (inputPitch, pitch) = (Padded(call.IntermediateSize), Padded(call.HiddenSize));
        var h = stackalloc float*[RowsAtOnce];
        for (var start = 0; start < span.Count; start += RowsAtOnce)
        {
            var rows = Math.Min(RowsAtOnce, span.Count - start);
            for (var row = 0; row < rows; row++)
            {
                h[row] = hidden + ((nint)(span.Start + start + row) * inputPitch);
            }

            var target = outputs + ((nint)(span.Start + start) * pitch) + first;
            Rows(expert.Down, first, count, call.HiddenSize, h, rows, call.IntermediateSize, target, pitch);
            for (var row = 0; row < rows; row++)
            {
                call.W2Bias.Add(((nint)span.Expert * call.HiddenSize) + first, target + ((nint)row * pitch), count);
            }
        }
    }

    internal override void Activate(StreamedCall call, int expert, int piece, int count, byte* projected)
    {
        const int chunk = 256;
        var gate = stackalloc float[chunk];
        var up = stackalloc float[chunk];
        var half = (nint)call.IntermediateSize * count;
        for (var f = piece * Padding; f < Math.Min((piece + 1) * Padding, call.IntermediateSize); f++)
        {
            var (gateBias, upBias) = (Bias(call, expert, f), call.Gated ? Bias(call, expert, call.IntermediateSize + f) : 0);
            for (var start = 0; start < count; start += chunk)
            {
                var (at, length) = (((nint)f * count) + start, Math.Min(chunk, count - start));
                Widen(projected, at, gate, length, gateBias);
                if (call.Gated)
                {
                    Widen(projected, half + at, up, length, upBias);
                }

                call.Activation.Apply(gate, up, length);
                Round(gate, projected, at, length);
            }
        }
    }

    internal override void Transpose(StreamedCall call, int piece, int count, byte* source, byte* target, int first)
    {
        var (start, end) = (piece * Padding, Math.Min((piece + 1) * Padding, call.HiddenSize));
        if (TFormat.BytesOf(1) == sizeof(ushort))
        {
            Transpose((ushort*)source, (ushort*)target + ((nint)first * call.HiddenSize), start, end, count, call.HiddenSize);
        }
        else
        {
            Transpose((float*)source, (float*)target + ((nint)first * call.HiddenSize), start, end, count, call.HiddenSize);
        }
    }

    internal override void Combine(in CombineCall call, int token) => Combine<TLanes, TVector>.Run(call, token);

    /// <summary>Two rows of gate and the same two of up at a time.</summary>
    private static void Pairs(in ExpertMatrices expert, int first, int count, int height, float** x, int rows, int length, float* gate, float* up)
    {
        var sums = stackalloc float[RowsAtOnce * TileRows.Count];
        for (var i = 0; i < count; i += 2)
        {
            var (even, odd) = (first + i, Math.Min(first + i + 1, height - 1));
            var tile = new TileRows(expert.Gate.Row(even), expert.Gate.Row(odd), expert.Up.Row(even), expert.Up.Row(odd), 2 * expert.Gate.Stride);
            Multiply(tile, x, rows, length, sums);
            for (var row = 0; row < rows; row++)
            {
                var sum = sums + (row * TileRows.Count);
                var at = (row * Padding) + i;
                (gate[at], gate[at + 1], up[at], up[at + 1]) = (sum[0], sum[1], sum[2], sum[3]);
            }
        }
    }

    /// <summary>Four rows of one matrix at a time.</summary>
    private static void Rows(in WeightMatrix matrix, int first, int count, int height, float** x, int rows, int length, float* outputs, int pitch)
    {
        var sums = stackalloc float[RowsAtOnce * TileRows.Count];
        for (var i = 0; i < count; i += TileRows.Count)
        {
            var (at, last) = (first + i, height - 1);
            var tile = new TileRows(
                matrix.Row(at), matrix.Row(Math.Min(at + 1, last)), matrix.Row(Math.Min(at + 2, last)), matrix.Row(Math.Min(at + 3, last)),
                TileRows.Count * matrix.Stride);
            Multiply(tile, x, rows, length, sums);
            for (var row = 0; row < rows; row++)
            {
                Unsafe.CopyBlockUnaligned(outputs + ((nint)row * pitch) + i, sums + (row * TileRows.Count), TileRows.Count * sizeof(float));
            }
        }
    }

    /// <summary>[rows, 4], of room for a multiple of four rows.</summary>
    private static void Multiply(in TileRows tile, float** x, int rows, int length, float* sums)
    {
        var row = 0;
        for (; row + 2 < rows; row += DotTile<TLanes, TVector, TFormat>.Tokens)
        {
            var last = rows - 1;
            DotTile<TLanes, TVector, TFormat>.Four(
                tile, x[row], x[row + 1], x[row + 2], x[Math.Min(row + 3, last)], length, sums + (row * TileRows.Count));
        }

        for (; row < rows; row++)
        {
            DotTile<TLanes, TVector, TFormat>.One(tile, x[row], length, sums + (row * TileRows.Count));
        }
    }

    private static void AddBiases(StreamedCall call, int expert, int first, int count, float* gate, float* up)
    {
        var start = ((nint)expert * call.IntermediateSize * (call.Gated ? 2 : 1)) + first;
        call.W13Bias.Add(start, gate, count);
        if (call.Gated)
        {
            call.W13Bias.Add(start + call.IntermediateSize, up, count);
        }
    }

    /// <summary>A piece of float32 in the order that the products take it, zeros behind it.</summary>
    private static void Arrange(float* piece, int count, float* target)
    {
        new Span<float>(piece + count, Padding - count).Clear();
        if (!TFormat.SplitsPairs)
        {
            Unsafe.CopyBlockUnaligned(target, piece, Padding * sizeof(float));
            return;
        }

        for (var i = 0; i < Padding; i++)
        {
            var (block, inside) = (i / (2 * Lanes), i % (2 * Lanes));
            target[(block * 2 * Lanes) + (inside / 2) + (inside % 2 * Lanes)] = piece[i];
        }
    }

    private static void Transpose<T>(T* source, T* target, int start, int end, int count, int pitch)
        where T : unmanaged
    {
        for (var row = 0; row < count; row++)
        {
            for (var d = start; d < end; d++)
            {
                target[((nint)row * pitch) + d] = source[((nint)d * count) + row];
            }
        }
    }

    private static float Bias(StreamedCall call, int expert, int row) =>
        call.W13Bias.At(((nint)expert * call.IntermediateSize * (call.Gated ? 2 : 1)) + row);

    private static void Widen(byte* values, nint start, float* target, int count, float bias)
    {
        if (TFormat.SplitsPairs)
        {
            Bfloat16Rows<TLanes, TVector>.Load((ushort*)values + start, target, count);
        }
        else
        {
            Unsafe.CopyBlockUnaligned(target, (float*)values + start, (uint)count * sizeof(float));
        }

        if (bias != 0)
        {
            for (var i = 0; i < count; i++)
            {
                target[i] += bias;
            }
        }
    }

    private static void Round(float* source, byte* values, nint start, int count)
    {
        if (TFormat.SplitsPairs)
        {
            Bfloat16Rows<TLanes, TVector>.Store(source, (ushort*)values + start, count);
        }
        else
        {
            Unsafe.CopyBlockUnaligned((float*)values + start, source, (uint)count * sizeof(float));
        }
    }
}
