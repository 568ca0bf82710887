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

    /// <summary>To shared memory, one beside the other.</summary>
    internal readonly void Share(ArrayView<float> row, int at)
    {
        row[at] = A;
        row[at + 1] = B;
        row[at + 2] = C;
        row[at + 3] = D;
        row[at + 4] = E;
        row[at + 5] = F;
        row[at + 6] = G;
        row[at + 7] = H;
    }

    /// <summary>To device memory, float32.</summary>
    internal readonly void Store(long address)
    {
        GlobalMemory.StoreBits4(address, new() { X = Interop.FloatAsInt(A), Y = Interop.FloatAsInt(B), Z = Interop.FloatAsInt(C), W = Interop.FloatAsInt(D) });
        GlobalMemory.StoreBits4(address + 16, new() { X = Interop.FloatAsInt(E), Y = Interop.FloatAsInt(F), Z = Interop.FloatAsInt(G), W = Interop.FloatAsInt(H) });
    }
}
