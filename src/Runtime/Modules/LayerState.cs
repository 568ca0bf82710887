using static TorchSharp.torch;

namespace Moesaic;

/// <summary>A tensor that a layer keeps from pass to pass, of one size however long the text is.</summary>
public abstract class LayerState : IDisposable
{
    private protected LayerState()
    {
    }

    /// <summary>What the last pass left; null before the first.</summary>
    public Tensor? Value { get; private set; }

    /// <summary>Keeps a copy of <paramref name="value"/>, which may be a view of something larger, for the next pass.</summary>
    public void Keep(Tensor value)
    {
        var kept = value.clone().DetachFromDisposeScope();
        Value?.Dispose();
        Value = kept;
    }

    /// <inheritdoc/>
    public void Dispose() => Value?.Dispose();
}
