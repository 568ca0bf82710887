using static TorchSharp.torch;

namespace Moesaic;

/// <summary>A tensor that a layer keeps from pass to pass, of one size however long the text is.</summary>
public abstract class LayerState : IDisposable, IFixedState
{
    private bool _isFixed;

    private protected LayerState()
    {
    }

    /// <summary>What the last pass left; null before the first.</summary>
    public Tensor? Value { get; private set; }

    /// <summary>Keeps a copy of <paramref name="value"/>, which may be a view of something larger, for the next pass.</summary>
    public void Keep(Tensor value)
    {
        if (_isFixed)
        {
            Value!.copy_(value);
            return;
        }

        var kept = value.clone().DetachFromDisposeScope();
        Value?.Dispose();
        Value = kept;
    }

    void IFixedState.Fix(DecodePlace place) => _isFixed = Value is not null;

    /// <inheritdoc/>
    public void Dispose() => Value?.Dispose();
}
