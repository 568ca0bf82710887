namespace Moesaic;

/// <summary>What the layers of a model keep from pass to pass, so that a new token costs one token.</summary>
public sealed class GenerationCache : IDisposable
{
    private readonly Dictionary<(int Layer, Type State), IDisposable> _states = [];

    /// <summary>Tokens that have passed.</summary>
    public long Length { get; private set; }

    /// <summary>How many of a row's first tokens are padding; null for none.</summary>
    public IReadOnlyList<int>? LeftPadding { get; private set; }

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
        Length = context.TotalLength;
        LeftPadding ??= context.LeftPadding;
    }

    /// <summary>Forgets all of it: the next pass starts from the beginning.</summary>
    public void Clear()
    {
        Dispose();
        (Length, LeftPadding) = (0, null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var state in _states.Values)
        {
            state.Dispose();
        }

        _states.Clear();
    }
}
