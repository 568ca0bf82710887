using ILGPU;

namespace Moesaic.Kernels;

/// <summary>A value and where it stands.</summary>
internal struct Candidate
{
    internal float Value;
    internal int Index;

    /// <summary>The <see cref="Order"/> of NaN.</summary>
    internal const int Worst = int.MinValue;

    /// <summary>A number that is larger where the value is: the bits of a negative one count backwards.</summary>
    internal readonly int Order
    {
        get
        {
            var bits = (int)Interop.FloatAsInt(Value);
            return Value == 0f ? 0 : Value < 0f ? bits ^ int.MaxValue : Value > 0f ? bits : Worst;
        }
    }

    /// <summary>The value of an <see cref="Order"/>.</summary>
    internal static float OfOrder(int order) => Interop.IntAsFloat((uint)(order < 0 ? order ^ int.MaxValue : order));

    /// <summary>Loses against everything but NaN.</summary>
    internal static Candidate None => new() { Value = float.NegativeInfinity, Index = int.MaxValue };

    /// <summary>The larger, of equals the one that stands first.</summary>
    internal readonly Candidate Or(Candidate other) =>
        other.Value > Value || (other.Value == Value && other.Index < Index) ? other : this;
}
