using ILGPU;

namespace Moesaic.Kernels;

/// <summary>Twice as many: nested, any power of two, and no loop.</summary>
internal struct LaneNumbers<T> : ILaneNumbers<LaneNumbers<T>>
    where T : struct, ILaneNumbers<T>
{
    private const int Lanes = 32;

    private T _first;
    private T _second;

    public static int Count => 2 * T.Count;

    private static int Step => Lanes * T.Count;

    public static LaneNumbers<T> Load<TRow>(long row, int index, int length)
        where TRow : struct, INumberRow => new() { _first = T.Load<TRow>(row, index, length), _second = T.Load<TRow>(row, index + Step, length) };

    public readonly LaneNumbers<T> Map<TFunction>(TFunction function)
        where TFunction : struct, INumberFunction => new() { _first = _first.Map(function), _second = _second.Map(function) };

    public readonly LaneNumbers<T> Plus(LaneNumbers<T> others) => new() { _first = _first.Plus(others._first), _second = _second.Plus(others._second) };

    public readonly float Sum() => _first.Sum() + _second.Sum();

    public readonly LaneNumbers<T> Orders() => new() { _first = _first.Orders(), _second = _second.Orders() };

    public readonly int Largest() => Math.Max(_first.Largest(), _second.Largest());

    public readonly int IndexOf(int order, int index) => Math.Min(_first.IndexOf(order, index), _second.IndexOf(order, index + Step));

    public readonly LaneNumbers<T> Without(int taken, int index) => new() { _first = _first.Without(taken, index), _second = _second.Without(taken, index + Step) };

    public readonly LaneNumbers<T> Else(float beyond, int index, int length) => new() { _first = _first.Else(beyond, index, length), _second = _second.Else(beyond, index + Step, length) };

    public readonly LaneNumbers<T> InGroups(int groups, int size, int index) =>
        new() { _first = _first.InGroups(groups, size, index), _second = _second.InGroups(groups, size, index + Step) };

    public readonly void Store(ArrayView<float> row, int index, int length)
    {
        _first.Store(row, index, length);
        _second.Store(row, index + Step, length);
    }
}
