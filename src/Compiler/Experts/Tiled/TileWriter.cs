using ILGPU;

namespace Moesaic.Kernels;

/// <summary>Brings rounds of results from shared to device memory, by all threads of a warpgroup, 16 bytes each.</summary>
/// <remarks>A round is [64 tokens, 64 columns] of 16 bits, whose 16-byte pieces are swizzled by the token.</remarks>
internal struct TileWriter
{
    /// <summary>Tokens of a round, and columns.</summary>
    internal const int Size = 64;

    /// <summary>Of a round in shared memory.</summary>
    internal const int Bytes = Size * TiledProduct.RowBytes;

    /// <summary>The group's place in shared memory.</summary>
    internal uint Results;

    /// <summary>The group's barrier.</summary>
    internal int Barrier;

    /// <summary>The row of the result of each token, int32 in shared memory; 0 where they lie one after the other.</summary>
    internal uint Rows;

    /// <summary>The row of the first token, where they do.</summary>
    internal int FirstRow;

    /// <summary>Tokens of the item.</summary>
    internal int Count;

    /// <summary>The first token of round 0.</summary>
    internal int FirstToken;

    /// <summary>Tokens from one round to the next, or none: then it is columns.</summary>
    internal int NextTokens;

    /// <summary>The first column of round 0 in row 0 of the result.</summary>
    internal long Output;

    internal long OutputRowBytes;

    /// <summary>What the round before left in shared memory has been read by all.</summary>
    internal readonly void Begin() => Warpgroup.Barrier(Barrier);

    internal readonly void Write(int round)
    {
        Warpgroup.Barrier(Barrier);
        var thread = Group.IdxX & 127;
        var part = thread & 7;
        var first = FirstToken + (NextTokens * round);
        var output = Output + (16 * part) + (NextTokens == 0 ? 2L * Size * round : 0L);
        for (var row = thread >> 3; row < Size && first + row < Count; row += Warpgroup.Threads / 8)
        {
            var to = Rows == 0 ? FirstRow + first + row : BlockMemory.LoadInt(Rows + (uint)(4 * (first + row)));
            var bits = BlockMemory.LoadBits4(Results + (uint)((row * TiledProduct.RowBytes) + ((part ^ (row & 7)) << 4)));
            GlobalMemory.StoreBits4(output + (to * OutputRowBytes), bits);
        }
    }
}
