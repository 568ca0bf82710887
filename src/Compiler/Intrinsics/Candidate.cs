using ILGPU;

namespace Moesaic.Kernels;

/// <summary>A value and where it stands.</summary>
internal struct Candidate
{
    internal float Value;
    internal int Index;

    /// <summary>The <see cref="Order"/> of NaN.</summary>
    internal const int Worst = int.MinValue;

    /// <summary>A number that is larger where the value is: the bits of a negative one count backwards. Without a branch.</summary>
    internal readonly int Order
    {
        get
        {
            var order = Turn((int)Interop.FloatAsInt(Value));
            order = Value == 0f ? 0 : order;
            return float.IsNaN(Value) ? Worst : order;
        }
    }

    /// <summary>The value of an <see cref="Order"/>.</summary>
    internal static float OfOrder(int order) => Interop.IntAsFloat((uint)Turn(order));

    /// <summary>Loses against everything but NaN.</summary>
    internal static Candidate None => new() { Value = float.NegativeInfinity, Index = int.MaxValue };

    private static int Turn(int bits) => bits ^ ((bits >> 31) & int.MaxValue);
}
