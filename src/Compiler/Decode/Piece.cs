using ILGPU;

namespace Moesaic.Kernels;

/// <summary>Piece numbers of a row, in registers: sixteen bytes of bfloat16.</summary>
internal struct Piece
{
    internal float A;
    internal float B;
    internal float C;
    internal float D;
    internal float E;
    internal float F;
    internal float G;
    internal float H;

    internal readonly Bits4 Packed => new()
    {
        X = BrainFloat.Pack(A, B),
        Y = BrainFloat.Pack(C, D),
        Z = BrainFloat.Pack(E, F),
        W = BrainFloat.Pack(G, H),
    };

    internal readonly Piece Rounded => Of(Packed);

    /// <summary>Neighbours as points of a plane, turned by a quarter.</summary>
    internal readonly Piece QuarterTurn => new() { A = -B, B = A, C = -D, D = C, E = -F, F = E, G = -H, H = G };

    internal readonly float Squares => (A * A) + (B * B) + (C * C) + (D * D) + (E * E) + (F * F) + (G * G) + (H * H);

    internal static Piece Of(Bits4 bits) => new()
    {
        A = BrainFloat.Low(bits.X),
        B = BrainFloat.High(bits.X),
        C = BrainFloat.Low(bits.Y),
        D = BrainFloat.High(bits.Y),
        E = BrainFloat.Low(bits.Z),
        F = BrainFloat.High(bits.Z),
        G = BrainFloat.Low(bits.W),
        H = BrainFloat.High(bits.W),
    };

    /// <summary>One number eight times.</summary>
    internal static Piece Of(float value) => new() { A = value, B = value, C = value, D = value, E = value, F = value, G = value, H = value };

    /// <summary>Four numbers of bfloat16, each twice.</summary>
    internal static Piece OfPairs(int first, int second)
    {
        var (a, b, c, d) = (BrainFloat.Low((uint)first), BrainFloat.High((uint)first), BrainFloat.Low((uint)second), BrainFloat.High((uint)second));
        return new() { A = a, B = a, C = b, D = b, E = c, F = c, G = d, H = d };
    }

    /// <summary>Of float32, which other blocks have written.</summary>
    internal static Piece OfOthers(long address)
    {
        var (first, second) = (GlobalMemory.LoadBits4OfOthers(address), GlobalMemory.LoadBits4OfOthers(address + 16));
        return new()
        {
            A = Interop.IntAsFloat(first.X),
            B = Interop.IntAsFloat(first.Y),
            C = Interop.IntAsFloat(first.Z),
            D = Interop.IntAsFloat(first.W),
            E = Interop.IntAsFloat(second.X),
            F = Interop.IntAsFloat(second.Y),
            G = Interop.IntAsFloat(second.Z),
            H = Interop.IntAsFloat(second.W),
        };
    }

    /// <summary>What another lane has. All lanes of the warp call it.</summary>
    internal readonly Piece OfLane(int lane) => new()
    {
        A = Warp.Shuffle(A, lane),
        B = Warp.Shuffle(B, lane),
        C = Warp.Shuffle(C, lane),
        D = Warp.Shuffle(D, lane),
        E = Warp.Shuffle(E, lane),
        F = Warp.Shuffle(F, lane),
        G = Warp.Shuffle(G, lane),
        H = Warp.Shuffle(H, lane),
    };

    internal readonly Piece Times(float factor) => new()
    {
        A = A * factor,
        B = B * factor,
        C = C * factor,
        D = D * factor,
        E = E * factor,
        F = F * factor,
        G = G * factor,
        H = H * factor,
    };

    internal readonly Piece Times(Piece other) => new()
    {
        A = A * other.A,
        B = B * other.B,
        C = C * other.C,
        D = D * other.D,
        E = E * other.E,
        F = F * other.F,
        G = G * other.G,
        H = H * other.H,
    };

    internal readonly Piece Plus(Piece other) => new()
    {
        A = A + other.A,
        B = B + other.B,
        C = C + other.C,
        D = D + other.D,
        E = E + other.E,
        F = F + other.F,
        G = G + other.G,
        H = H + other.H,
    };

    /// <summary>To device memory, float32.</summary>
    internal readonly void Store(long address)
    {
        GlobalMemory.StoreBits4(address, new() { X = Interop.FloatAsInt(A), Y = Interop.FloatAsInt(B), Z = Interop.FloatAsInt(C), W = Interop.FloatAsInt(D) });
        GlobalMemory.StoreBits4(address + 16, new() { X = Interop.FloatAsInt(E), Y = Interop.FloatAsInt(F), Z = Interop.FloatAsInt(G), W = Interop.FloatAsInt(H) });
    }
}
