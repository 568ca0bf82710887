using ILGPU;

namespace Moesaic.Kernels;

/// <summary>Some numbers of a row, in registers of one lane: every 32nd from an index on. Some may be beyond its end.</summary>
internal interface ILaneNumbers<TSelf>
    where TSelf : struct, ILaneNumbers<TSelf>
{
    /// <summary>How many.</summary>
    static abstract int Count { get; }

    /// <summary>Asks for all of them at once; beyond the end, the last one again.</summary>
    static abstract TSelf Load<TRow>(long row, int index, int length)
        where TRow : struct, INumberRow;

    /// <summary>The function of each.</summary>
    TSelf Map<TFunction>(TFunction function)
        where TFunction : struct, INumberFunction;

    /// <summary>Sums, number by number.</summary>
    TSelf Plus(TSelf others);

    /// <summary>All of them together.</summary>
    float Sum();

    /// <summary>The <see cref="NumberOrder"/> of each, as bits: what the next three take.</summary>
    TSelf Orders();

    /// <summary>The largest order.</summary>
    int Largest();

    /// <summary>The first index that has an order, or <see cref="int.MaxValue"/>.</summary>
    int IndexOf(int order, int index);

    /// <summary>The order of NaN in the place of one.</summary>
    TSelf Without(int taken, int index);

    /// <summary>Beyond the end, another number.</summary>
    TSelf Else(float beyond, int index, int length);

    /// <summary>Minus infinity in the place of those whose group, of so many, has no bit.</summary>
    TSelf InGroups(int groups, int size, int index);

    void Store(ArrayView<float> row, int index, int length);
}
