using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Where the next token of every row stands, in device memory: a pass that looks there has the same shapes for every token.</summary>
/// <remarks>Such a pass can be recorded once and replayed. Room for keys and values is as large as it will ever be from the start.</remarks>
public sealed class DecodePlace : IDisposable
{
    private readonly Dictionary<object, Tensor> _constants = [];

    internal DecodePlace(long position, long capacity, Device device)
    {
        (Start, Capacity) = (position, capacity);
        Position = tensor([position], dtype: int64, device: device).DetachFromDisposeScope();
    }

    /// <summary>[1] int64: how many tokens came before. A pass counts it up.</summary>
    internal Tensor Position { get; }

    /// <summary>Tokens that were there when it was made.</summary>
    internal long Start { get; }

    /// <summary>Tokens that there is room for.</summary>
    internal long Capacity { get; }

    /// <summary>What is the same for every token, made at its first use: recorded work cannot bring numbers from the host.</summary>
    internal Tensor Constant(object key, Func<Tensor> make)
    {
        if (!_constants.TryGetValue(key, out var constant))
        {
            constant = make().DetachFromDisposeScope();
            _constants.Add(key, constant);
        }

        return constant;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Position.Dispose();
        foreach (var constant in _constants.Values)
        {
            constant.Dispose();
        }
    }
}
