using static TorchSharp.torch;

namespace Moesaic;

/// <summary>A sum over ranks that all of them have: only <see cref="Partial.Reduce"/> makes one, and nothing reduces it again.</summary>
public readonly struct Reduced : IDisposable
{
    internal Reduced(Tensor value) => Value = value;

    /// <summary>The sum.</summary>
    public Tensor Value { get; }

    /// <inheritdoc/>
    public void Dispose() => Value.Dispose();
}
