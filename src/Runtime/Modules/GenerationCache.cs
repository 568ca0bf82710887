using static TorchSharp.torch;

namespace Moesaic;

/// <summary>What the layers of a model keep from pass to pass, so that a new token costs one token.</summary>
public sealed class GenerationCache : IDisposable
{
    private readonly Dictionary<(int Layer, Type State), IDisposable> _states = [];

    /// <summary>Tokens that have passed.</summary>
    public long Length { get; private set; }

    /// <summary>How many of a row's first tokens are padding; null for none.</summary>
    public IReadOnlyList<int>? LeftPadding { get; private set; }

    /// <summary>Where the next token stands, once <see cref="Fix"/> was called; null before.</summary>
    public DecodePlace? Place { get; private set; }

    /// <summary>What a layer keeps, made at its first use. A layer may keep several kinds of state.</summary>
    public TState State<TState>(int layerIndex)
        where TState : class, IDisposable, new()
    {
        if (!_states.TryGetValue((layerIndex, typeof(TState)), out var state))
        {
            state = new TState();
            _states.Add((layerIndex, typeof(TState)), state);
        }

        return (TState)state;
    }

    /// <summary>Counts the tokens of a pass that all layers have seen.</summary>
    public void Advance(AttentionContext context)
    {
        Length = Place is null ? context.TotalLength : Length + 1;
        LeftPadding ??= context.LeftPadding;
    }

    /// <summary>Counts a pass that was replayed.</summary>
    internal void Advance() => Length++;

    /// <summary>From now on each pass has one token for each row, with the same shapes every time. Called again, it makes more room.</summary>
    /// <param name="capacity">Tokens that there is room for.</param>
    /// <returns>Why that cannot be; null where it can, and is so.</returns>
    public string? Fix(long capacity, Device device)
    {
        if (LeftPadding?.Any(static padding => padding > 0) ?? false)
        {
            return "rows begin with padding";
        }

        if (_states.FirstOrDefault(static pair => pair.Value is not IFixedState) is { Value: { } other, Key: var (layer, _) })
        {
            return $"layer {layer} keeps a {other.GetType().Name}, which may grow";
        }

        Place?.Dispose();
        Place = new(Length, capacity, device);
        foreach (var state in _states.Values)
        {
            ((IFixedState)state).Fix(Place);
        }

        return null;
    }

    /// <summary>Forgets all of it: the next pass starts from the beginning.</summary>
    public void Clear()
    {
        Dispose();
        (Length, LeftPadding, Place) = (0, null, null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var state in _states.Values)
        {
            state.Dispose();
        }

        _states.Clear();
        Place?.Dispose();
    }
}
