using ILGPU.IR.Intrinsics;

namespace Moesaic.Kernels;

/// <summary>64 weight rows times some tokens, 64 columns at a time, by a warpgroup and from shared memory: Hopper's wgmma.</summary>
/// <remarks>
/// Weights are the left operand, so that the number of tokens, which differs from expert to expert, is the one that can be any
/// multiple of 8. Both operands lie in shared memory as rows of 128 bytes whose 16-byte pieces are swizzled by the row (PTX: 128B swizzle).
/// </remarks>
internal static class TiledProduct
{
    internal const int StepColumns = 64;

    internal const int RowBytes = 128;

    /// <summary>Weight rows of one product.</summary>
    internal const int Rows = 64;

    // A matrix descriptor: 128B swizzle, groups of 8 rows 1024 bytes apart. PTX ISA, "Matrix Descriptor Format".
    private const long Descriptor = (1L << 62) | (64L << 32) | (1L << 16);

    /// <summary>Describes the operand that begins at an address of shared memory.</summary>
    internal static long Describe(uint address) => Descriptor | ((address & 0x3ffff) >> 4);

    /// <summary>Adds 64 columns of two products of the same tokens, then waits until all but the newest step have ended.</summary>
    /// <param name="sums">Those of the first product, then those of the second.</param>
    [PtxMacro(typeof(TiledProduct), nameof(WriteStep)), IntrinsicImplementation]
    internal static Twice<TSums> Step<TSums, TRole>(Twice<TSums> sums, long first, long second, long tokens)
        where TSums : struct
        where TRole : struct, ITiledRole => throw new NotSupportedException("only in PTX");

    /// <summary>Adds 64 columns of the product of 64 tokens and 256 weight rows: the tokens are the left operand here.</summary>
    /// <param name="sums">[64 tokens, 256 rows].</param>
    [PtxMacro(typeof(TiledProduct), nameof(WriteStepOfTokens)), IntrinsicImplementation]
    internal static Twice<TSums> StepOfTokens<TSums, TRole>(Twice<TSums> sums, long tokens, long weights)
        where TSums : struct
        where TRole : struct, ITiledRole => throw new NotSupportedException("only in PTX");

    /// <summary>Waits for the newest step too.</summary>
    [PtxMacro(typeof(TiledProduct), nameof(WriteWait)), IntrinsicImplementation]
    internal static Twice<TSums> Wait<TSums>(Twice<TSums> sums)
        where TSums : struct => throw new NotSupportedException("only in PTX");

    private static void WriteStep(PtxWriter writer)
    {
        var (first, second, tokens) = (writer.Argument(1)[0], writer.Argument(2)[0], writer.Argument(3)[0]);
        var sums = writer.ResultInPlace(0);
        var half = sums.Length / 2;
        writer.Line("{");
        writer.Line(".reg .b64 first, second, tokens;");
        writer.Line("wgmma.fence.sync.aligned;");
        for (var k = 0; k < StepColumns / 16; k++)
        {
            // 16 columns are 32 bytes: 2 in a descriptor's units.
            writer.Line($"add.s64 first, {first}, {2 * k}; add.s64 second, {second}, {2 * k}; add.s64 tokens, {tokens}, {2 * k};");
            Product(writer, sums.AsSpan(0, half), "first", "tokens");
            Product(writer, sums.AsSpan(half), "second", "tokens");
        }

        writer.Line("wgmma.commit_group.sync.aligned;");
        writer.Line("wgmma.wait_group.sync.aligned 1;");
        writer.Line("}");
    }

    private static void WriteStepOfTokens(PtxWriter writer)
    {
        var (left, right) = (writer.Argument(1)[0], writer.Argument(2)[0]);
        var sums = writer.ResultInPlace(0);
        writer.Line("{");
        writer.Line(".reg .b64 left, right;");
        writer.Line("wgmma.fence.sync.aligned;");
        for (var k = 0; k < StepColumns / 16; k++)
        {
            writer.Line($"add.s64 left, {left}, {2 * k}; add.s64 right, {right}, {2 * k};");
            Product(writer, sums, "left", "right");
        }

        writer.Line("wgmma.commit_group.sync.aligned;");
        writer.Line("wgmma.wait_group.sync.aligned 1;");
        writer.Line("}");
    }

    // m64nNk16: each thread of 128 holds N / 2 sums.
    private static void Product(PtxWriter writer, ReadOnlySpan<string> sums, string left, string right)
    {
        var element = writer.StaticOf<string>(1, nameof(ITiledRole.PtxName));
        writer.Line($"wgmma.mma_async.sync.aligned.m64n{2 * sums.Length}k16.f32.{element}.{element} {{{string.Join(',', sums.ToArray())}}}, {left}, {right}, 1, 1, 1, 0, 0;");
    }

    private static void WriteWait(PtxWriter writer)
    {
        writer.ResultInPlace(0);
        writer.Line("wgmma.wait_group.sync.aligned 0;");
    }
}
