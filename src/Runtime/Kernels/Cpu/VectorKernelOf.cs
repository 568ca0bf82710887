using System.Runtime.CompilerServices;

namespace Moesaic.Kernels.Cpu;

/// <summary>The same for a vector width and a format of weights.</summary>
/// <param name="isBfloat16">Inputs and results are bfloat16; else float32.</param>
[SkipLocalsInit]
internal sealed unsafe class VectorKernel<TLanes, TVector, TFormat>(bool isBfloat16) : VectorKernel
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
    where TFormat : struct, IWeightFormat<TVector>
{
    // Rows that a piece of weights is used for before the next piece: their inputs and the piece share the second cache.
    private const int RowsAtOnce = 32;

    private static int Lanes => sizeof(TVector) / sizeof(float);

    internal override void Arrange(byte* x, int hiddenSize, float* inputs)
    {
        var piece = stackalloc float[Padding];
        for (var start = 0; start < hiddenSize; start += Padding)
        {
            var count = Math.Min(Padding, hiddenSize - start);
            Widen(x, start, piece, count);
            Arrange(piece, count, inputs + start);
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
        var end = Math.Min((nint)(piece + 1) * Padding * count, half);
        for (var start = (nint)piece * Padding * count; start < end; start += chunk)
        {
            var length = (int)Math.Min(chunk, end - start);
            Widen(projected, start, gate, length);
            AddBiasOfRows(call, expert, 0, start, count, gate, length);
            if (call.Gated)
            {
                Widen(projected, half + start, up, length);
                AddBiasOfRows(call, expert, call.IntermediateSize, start, count, up, length);
            }

            call.Activation.Apply(gate, up, length);
            Round(gate, projected, start, length);
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
            var tile = new TileRows(expert.Gate.Row(even), expert.Up.Row(even), expert.Gate.Row(odd), expert.Up.Row(odd), expert.Gate.Stride);
            Multiply(tile, x, rows, length, sums);
            for (var row = 0; row < rows; row++)
            {
                var sum = sums + (row * TileRows.Count);
                var at = (row * Padding) + i;
                (gate[at], up[at], gate[at + 1], up[at + 1]) = (sum[0], sum[1], sum[2], sum[3]);
            }
        }
    }

    /// <summary>Two rows of one half of a piece and the same two of the other at a time: rows side by side would hinder each other.</summary>
    private static void Rows(in WeightMatrix matrix, int first, int count, int height, float** x, int rows, int length, float* outputs, int pitch)
    {
        var sums = stackalloc float[RowsAtOnce * TileRows.Count];
        var (half, last) = ((count + 3) / 4 * 2, height - 1);
        for (var i = 0; i < half; i += 2)
        {
            var (at, other) = (first + i, first + half + i);
            var tile = new TileRows(
                matrix.Row(Math.Min(at, last)), matrix.Row(Math.Min(other, last)), matrix.Row(Math.Min(at + 1, last)), matrix.Row(Math.Min(other + 1, last)), matrix.Stride);
            Multiply(tile, x, rows, length, sums);
            for (var row = 0; row < rows; row++)
            {
                var sum = sums + (row * TileRows.Count);
                var output = outputs + ((nint)row * pitch) + i;
                (output[0], output[half], output[1], output[half + 1]) = (sum[0], sum[1], sum[2], sum[3]);
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

        for (var i = 0; i < Padding; i += 2 * Lanes)
        {
            var (even, odd) = TLanes.Split(TLanes.Load(piece + i), TLanes.Load(piece + i + Lanes));
            TLanes.Store(even, target + i);
            TLanes.Store(odd, target + i + Lanes);
        }
    }

    /// <summary>Adds to each of some elements of [F, n] the bias of its row.</summary>
    private static void AddBiasOfRows(StreamedCall call, int expert, int firstRow, nint start, int count, float* values, int length)
    {
        if (call.W13Bias.AreNone)
        {
            return;
        }

        var row = ((nint)expert * call.IntermediateSize * (call.Gated ? 2 : 1)) + firstRow;
        for (var i = 0; i < length; i++)
        {
            values[i] += call.W13Bias.At(row + ((start + i) / count));
        }
    }

    private void Widen(byte* values, nint start, float* target, int count)
    {
        if (isBfloat16)
        {
            Bfloat16Rows<TLanes, TVector>.Load((ushort*)values + start, target, count);
        }
        else
        {
            Unsafe.CopyBlockUnaligned(target, (float*)values + start, (uint)count * sizeof(float));
        }
    }

    private void Round(float* source, byte* values, nint start, int count)
    {
        if (isBfloat16)
        {
            Bfloat16Rows<TLanes, TVector>.Store(source, (ushort*)values + start, count);
        }
        else
        {
            Unsafe.CopyBlockUnaligned((float*)values + start, source, (uint)count * sizeof(float));
        }
    }
}
