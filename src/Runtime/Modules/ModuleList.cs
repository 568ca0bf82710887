using System.Collections;
using System.Globalization;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Modules under the names 0, 1, 2, …</summary>
public sealed class ModuleList<T> : ExplicitModule, IReadOnlyList<T>
    where T : ExplicitModule
{
    private readonly T[] _items;

    /// <summary>Makes <paramref name="count"/> modules, each from its index.</summary>
    public ModuleList(int count, Func<int, T> create)
    {
        _items = [.. Enumerable.Range(0, count).Select(create)];
        for (var i = 0; i < count; i++)
        {
            Register(i.ToString(CultureInfo.InvariantCulture), _items[i]);
        }
    }

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public T this[int index] => _items[index];

    /// <summary>One after the other, each on the output of the one before.</summary>
    public override Tensor forward(Tensor x)
    {
        var result = x.alias();
        foreach (var item in _items)
        {
            using var input = result;
            result = item.forward(input);
        }

        return result;
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
