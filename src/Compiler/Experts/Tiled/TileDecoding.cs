using ILGPU.IR.Intrinsics;

namespace Moesaic.Kernels;

/// <summary>A thread's part of a step of 256 weight rows by 64 columns, from codes to bf16: 128 weights.</summary>
internal static class TileDecoding
{
    private const int Loads = 8;

    /// <summary>The scales of the thread's weights of two steps, 128 columns: eight numbers, or eight exponents, four for each step.</summary>
    /// <param name="address">Of the first.</param>
    /// <param name="rowStride">Bytes to that of the thread's next row of the same half.</param>
    /// <param name="halfStride">Bytes to that of its first row of the other half.</param>
    /// <param name="left">Columns from the thread's first on; where none are left, nothing is read.</param>
    [PtxMacro(typeof(TileDecoding), nameof(WriteLoadScales)), IntrinsicImplementation]
    internal static Twice<Bits4> LoadScales<TWeights>(long address, long rowStride, long halfStride, int left)
        where TWeights : struct, IStreamedWeights => throw new NotSupportedException("only in PTX");

    /// <summary>Decodes a step, and makes it visible to the tensor cores.</summary>
    /// <param name="codes">The thread's first 16 bytes in shared memory; the next lie 2048 on.</param>
    /// <param name="weights">Where its first piece of 16 bytes goes.</param>
    /// <param name="scales">What <see cref="LoadScales"/> gave.</param>
    /// <param name="step">0 or 1 of the two.</param>
    [PtxMacro(typeof(TileDecoding), nameof(WriteDecode)), IntrinsicImplementation]
    internal static void Decode<TWeights>(uint codes, uint weights, Twice<Bits4> scales, int step)
        where TWeights : struct, IStreamedWeights => throw new NotSupportedException("only in PTX");

    private static void WriteLoadScales(PtxWriter writer)
    {
        var isE4M3 = IsE4M3(writer);
        var (address, rowStride, halfStride, left, scales) = (writer.Argument(0)[0], writer.Argument(1)[0], writer.Argument(2)[0], writer.Argument(3)[0], writer.Result());
        var rows = isE4M3 ? Loads : Loads / 2;
        writer.Line("{");
        writer.Line($".reg .pred first, second; .reg .b64 row<{rows}>;");
        writer.Line($"setp.gt.s32 first, {left}, 0; setp.gt.s32 second, {left}, {TiledProduct.StepColumns};");
        writer.Line($"mov.b64 row0, {address}; add.s64 row{rows / 2}, {address}, {halfStride};");
        for (var row = 0; row < rows; row++)
        {
            if (row % (rows / 2) != 0)
            {
                writer.Line($"add.s64 row{row}, row{row - 1}, {rowStride};");
            }

            writer.Line($"mov.b32 {scales[row]}, 0; @first ld.global.nc.{(isE4M3 ? "b32" : "u8")} {scales[row]}, [row{row}];");
            if (!isE4M3)
            {
                writer.Line($"mov.b32 {scales[rows + row]}, 0; @second ld.global.nc.u8 {scales[rows + row]}, [row{row}+2];");
            }
        }

        writer.Line("}");
    }

    private static void WriteDecode(PtxWriter writer)
    {
        var (codes, weights, scales, step) = (writer.Argument(0)[0], writer.Argument(1)[0], writer.Argument(2), writer.Argument(3)[0]);
        var isE4M3 = IsE4M3(writer);
        var (loads, pieces) = isE4M3 ? (Loads, 2) : (Loads / 2, 4);
        var rows = Warpgroup.Threads * pieces * 8 / TiledProduct.StepColumns;
        writer.Line("{");
        writer.Line($".reg .b32 to<{pieces}>, code<8>, a<16>, signs, bits, minusZero, factor; .reg .pred isSecond;");
        writer.Line("mov.b32 minusZero, 0x80008000; mov.b32 to0, " + weights + ";");
        for (var piece = 1; piece < pieces; piece++)
        {
            writer.Line($"xor.b32 to{piece}, to0, {piece * 16};");
        }

        if (!isE4M3)
        {
            writer.Line($"setp.ne.s32 isSecond, {step}, 0;");
        }

        Load(0);
        for (var i = 0; i < loads; i++)
        {
            // The next are on their way while these are decoded.
            if (i + 1 < loads)
            {
                Load(i + 1);
            }

            if (isE4M3)
            {
                WriteE4M3(writer, 4 * (i % 2), scales[i]);
            }
            else
            {
                writer.Line($"selp.b32 factor, {scales[loads + i]}, {scales[i]}, isSecond;");
                writer.Line($"mad.lo.u32 factor, factor, 0x{CodeDecoding.ExponentOfE2M1:x8}, 0x{CodeDecoding.RebaseOfE2M1:x8};");
                for (var word = 0; word < 4; word++)
                {
                    var a = 4 * word;
                    writer.Line(string.Join(' ', CodeDecoding.E2M1($"code{(4 * (i % 2)) + word}", [$"a{a}", $"a{a + 1}", $"a{a + 2}", $"a{a + 3}"], "factor", "minusZero")));
                }
            }

            for (var piece = 0; piece < pieces; piece++)
            {
                writer.Line($"st.shared.v4.b32 [to{piece}+{i * rows * TiledProduct.RowBytes}], {ProductWriter.Four("a", piece)};");
            }
        }

        writer.Line("fence.proxy.async.shared::cta;");
        writer.Line("}");

        void Load(int i) => writer.Line($"ld.shared.v4.b32 {ProductWriter.Four("code", i % 2)}, [{codes}+{i * Warpgroup.Threads * 16}];");
    }

    /// <summary>Sixteen codes to a0 … a7: each times its scale in float32, then rounded to bf16.</summary>
    private static void WriteE4M3(PtxWriter writer, int code, string scale)
    {
        for (var word = 0; word < 4; word++)
        {
            writer.Line($"{{ .reg .b16 low, high; .reg .b32 pair; .reg .f32 scale; mov.b32 scale, {scale}; mov.b32 {{low, high}}, code{code + word};");
            foreach (var (half, name) in new[] { "low", "high" }.Index())
            {
                writer.Line($"cvt.rn.f16x2.e4m3x2 pair, {name};");
                writer.Line("{ .reg .b16 x, y; .reg .f32 v, w; mov.b32 {x, y}, pair; cvt.f32.f16 v, x; cvt.f32.f16 w, y; mul.rn.f32 v, v, scale; mul.rn.f32 w, w, scale; " + $"cvt.rn.bf16x2.f32 a{(2 * word) + half}, w, v; }}");
            }

            writer.Line("}");
        }
    }

    private static bool IsE4M3(PtxWriter writer) => writer.StaticOf<int>(0, nameof(IStreamedWeights.Bits)) == 8;
}
