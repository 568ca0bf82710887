using ILGPU;

namespace Moesaic.Kernels;

/// <summary>One number of a lane.</summary>
internal struct LaneNumber : ILaneNumbers<LaneNumber>
{
    private float _value;

    internal LaneNumber(float value) => _value = value;

    public static int Count => 1;

    public static LaneNumber Load<TRow>(long row, int index, int length)
        where TRow : struct, INumberRow => new() { _value = TRow.Load(row, Math.Min(index, length - 1)) };

    public readonly LaneNumber Map<TFunction>(TFunction function)
        where TFunction : struct, INumberFunction => new() { _value = function.Of(_value) };

    public readonly LaneNumber Plus(LaneNumber others) => new() { _value = _value + others._value };

    public readonly float Sum() => _value;

    public readonly LaneNumber Orders() => OfOrder(NumberOrder.Of(_value));

    public readonly int Largest() => (int)Interop.FloatAsInt(_value);

    public readonly int IndexOf(int order, int index) => Largest() == order ? index : int.MaxValue;

    public readonly LaneNumber Without(int taken, int index) => OfOrder(index == taken ? NumberOrder.Worst : Largest());

    public readonly LaneNumber Else(float beyond, int index, int length) => new() { _value = index < length ? _value : beyond };

    public readonly LaneNumber InGroups(int groups, int size, int index) =>
        new() { _value = ((groups >> (index / size)) & 1) != 0 ? _value : float.NegativeInfinity };

    public readonly void Store(ArrayView<float> row, int index, int length)
    {
        if (index < length)
        {
            row[index] = _value;
        }
    }

    private static LaneNumber OfOrder(int order) => new() { _value = Interop.IntAsFloat((uint)order) };
}
