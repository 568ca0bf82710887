using Moesaic.Communication;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>This rank's share of a sum over ranks. It is no tensor: it can be added to other shares and scaled, and <see cref="Reduce"/>d once.</summary>
/// <remarks>On one rank it is the whole, and reducing it does nothing. A default one is nothing: another rank adds it.</remarks>
public readonly struct Partial : IDisposable
{
    private readonly Tensor? _value;
    private readonly ICommunicator? _group;

    internal Partial(Tensor? value, ICommunicator? group) => (_value, _group) = (value, group);

    /// <summary>The share; null where other ranks have all of it.</summary>
    internal Tensor? Value => _value;

    /// <summary>The sum of two sums over the same ranks.</summary>
    public static Partial operator +(Partial left, Partial right)
    {
        if (!ReferenceEquals(left._group, right._group))
        {
            throw new InvalidOperationException($"shares of sums over different ranks: '{left._group?.Name}' and '{right._group?.Name}'");
        }

        var sum = (left._value, right._value) switch
        {
            (null, null) => null,
            ({ } only, null) => only.alias(),
            (null, { } only) => only.alias(),
            ({ } a, { } b) => a + b,
        };
        return new(sum, left._group);
    }

    /// <summary>The sum times something that is the same on all ranks.</summary>
    public static Partial operator *(Partial partial, Tensor factor) => partial.Map(value => value * factor);

    /// <summary>The sum times a number.</summary>
    public static Partial operator *(Partial partial, double factor) => partial.Map(value => value * factor);

    /// <summary>The sum over the ranks, on each of them. Every rank calls it; the share is then the sum's memory and no longer to be used.</summary>
    /// <exception cref="InvalidOperationException">No rank can have nothing alone: this one has no share whose shape is known.</exception>
    public Reduced Reduce()
    {
        var value = _value ?? throw new InvalidOperationException("a share of nothing has no shape: add it to one that has");
        if (_group is not { Size: > 1 })
        {
            return new(value);
        }

        var sum = value;
        if (!value.is_contiguous())
        {
            sum = value.contiguous();
            value.Dispose();
        }

        _group.AllReduce(sum);
        return new(sum);
    }

    /// <inheritdoc/>
    public void Dispose() => _value?.Dispose();

    /// <summary>Something linear, done to each share.</summary>
    internal Partial Map(Func<Tensor, Tensor> linear) => new(_value is null ? null : linear(_value), _group);
}
