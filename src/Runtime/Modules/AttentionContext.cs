using static TorchSharp.torch;

namespace Moesaic;

/// <summary>What the tokens of one pass know about each other: positions, masks, rotations and the cache.</summary>
/// <remarks>Masks and rotations are made once, at their first use, and shared by the layers. Rows may be padded on the left.</remarks>
public sealed class AttentionContext : IDisposable
{
    private readonly Dictionary<object, Tensor> _masks = [];
    private readonly Dictionary<(RotaryFrequencies, ScalarType), (Tensor Cos, Tensor Sin)> _rotations = [];
    private readonly Device _device;
    private Tensor? _positions;
    private Tensor? _padding;
    private readonly bool _hasPadding;
    private readonly DecodePlace? _place;

    /// <summary>A pass over <paramref name="length"/> new tokens in each of <paramref name="batch"/> rows.</summary>
    /// <param name="cache">What earlier passes left; null for a pass from the beginning that leaves nothing.</param>
    /// <param name="leftPadding">How many of a row's first tokens are padding, in the first pass; later passes know from the cache.</param>
    public AttentionContext(long batch, long length, Device device, GenerationCache? cache = null, IReadOnlyList<int>? leftPadding = null)
    {
        _device = device;
        Batch = batch;
        Length = length;
        Cache = cache;
        _place = cache?.Place;
        if (_place is not null && length != 1)
        {
            throw new ArgumentException($"the cache is fixed: expected passes of one token for each row, got {length}", nameof(length));
        }

        PastLength = _place is not null ? _place.Capacity - 1 : cache?.Length ?? 0;
        LeftPadding = leftPadding ?? cache?.LeftPadding;
        _hasPadding = LeftPadding?.Any(padding => padding > 0) ?? false;
    }

    /// <summary>Rows, B.</summary>
    public long Batch { get; }

    /// <summary>New tokens in each row, T.</summary>
    public long Length { get; }

    /// <summary>Tokens of earlier passes; all but one that there is room for where the cache is fixed.</summary>
    public long PastLength { get; }

    /// <summary>Tokens so far, this pass included, S.</summary>
    public long TotalLength => PastLength + Length;

    /// <summary>What layers keep from pass to pass; null where nothing is kept.</summary>
    public GenerationCache? Cache { get; }

    /// <summary>How many of a row's first tokens are padding; null for none.</summary>
    public IReadOnlyList<int>? LeftPadding { get; }

    /// <summary>Told the residual stream before each layer, by layer index, and last after the final norm; null for nobody.</summary>
    public Action<int, Tensor>? HiddenStates { get; init; }

    /// <summary>Position of each new token in its row, [B or 1, T] int64; padding has 0. Owned by the pass.</summary>
    public Tensor Positions => _positions ??= MakePositions();

    /// <summary>Which of the new tokens are not padding, [B, T] bool; null where all are. Owned by the pass.</summary>
    public Tensor? PaddingMask => !_hasPadding ? null : _padding ??= MakePaddingMask();

    /// <summary>Which tokens each new token sees, [B or 1, 1, T, S] bool; null where it sees all so far. Owned by the pass.</summary>
    /// <param name="window">How many positions back, itself included; null for all.</param>
    /// <param name="chunk">Only positions of the same chunk of this many; null for all.</param>
    public Tensor? Mask(int? window = null, int? chunk = null)
    {
        window = window < TotalLength ? window : null;
        chunk = chunk < TotalLength ? chunk : null;
        if (Length == 1 && window is null && chunk is null && !_hasPadding && _place is null)
        {
            return null;
        }

        var key = (window, chunk);
        if (!_masks.TryGetValue(key, out var mask))
        {
            mask = MakeMask(window, chunk);
            _masks.Add(key, mask);
        }

        return mask;
    }

    /// <summary>[B, T, …] with zeros where a token is padding, for layers that carry a state from token to token.</summary>
    /// <returns>A tensor, or an alias where there is no padding, that the caller disposes.</returns>
    public Tensor WithoutPadding(Tensor x)
    {
        if (!_hasPadding || PastLength >= LeftPadding!.Max())
        {
            return x.alias();
        }

        using var padded = PaddingMask!.logical_not();
        using var broadcast = padded.view([.. padded.shape, .. Enumerable.Repeat(1L, x.shape.Length - 2)]);
        return x.masked_fill(broadcast, 0);
    }

    /// <summary>Cosine and sine of every new token's angles, [B or 1, 1, T, r / 2]. Owned by the pass.</summary>
    internal (Tensor Cos, Tensor Sin) Rotation(RotaryFrequencies frequencies, ScalarType dtype)
    {
        if (!_rotations.TryGetValue((frequencies, dtype), out var rotation))
        {
            rotation = MakeRotation(frequencies, dtype);
            _rotations.Add((frequencies, dtype), rotation);
        }

        return rotation;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _positions?.Dispose();
        _padding?.Dispose();
        foreach (var mask in _masks.Values)
        {
            mask.Dispose();
        }

        foreach (var (cos, sin) in _rotations.Values)
        {
            cos.Dispose();
            sin.Dispose();
        }
    }

    private Tensor MakePositions()
    {
        using var scope = NewDisposeScope();
        var positions = NewTokens().unsqueeze(0); // [1, T]
        if (_hasPadding)
        {
            positions = (positions - Padding()).clamp(min: 0); // [B, T]
        }

        return positions.DetachFromDisposeScope();
    }

    private Tensor MakePaddingMask()
    {
        using var scope = NewDisposeScope();
        return NewTokens().unsqueeze(0).ge(Padding()).DetachFromDisposeScope();
    }

    private Tensor MakeMask(int? window, int? chunk)
    {
        using var scope = NewDisposeScope();
        var query = NewTokens().view(1, 1, -1, 1);
        var key = Absolute(0, TotalLength).view(1, 1, 1, -1);
        var mask = key.le(query);
        if (window is { } size)
        {
            mask = mask.logical_and((query - key).lt(size));
        }

        if (chunk is { } width)
        {
            // Chunks count from a row's first token that is not padding.
            var padding = _hasPadding ? Padding().view(-1, 1, 1, 1) : zeros(1, 1, 1, 1, dtype: int64, device: _device);
            mask = mask.logical_and((query - padding).div(width, RoundingMode.floor).eq((key - padding).div(width, RoundingMode.floor)));
        }

        if (_hasPadding)
        {
            // A padding token sees itself: a row of all false would become NaN.
            mask = mask.logical_and(key.ge(Padding().view(-1, 1, 1, 1))).logical_or(key.eq(query));
        }

        return mask.DetachFromDisposeScope();
    }

    private (Tensor Cos, Tensor Sin) MakeRotation(RotaryFrequencies frequencies, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        if (_place is not null)
        {
            return MakeRotation(frequencies, dtype, _place);
        }

        // Each row has a length of its own, where that matters.
        long[] lengths = frequencies.DependOnLength && _hasPadding ? [.. LeftPadding!.Select(padding => TotalLength - padding)] : [TotalLength];
        var perPosition = tensor(lengths.SelectMany(frequencies.For).ToArray(), device: _device).view(lengths.Length, 1, -1); // [B or 1, 1, r / 2]
        var factors = tensor(lengths.Select(length => (float)frequencies.AttentionFactor(length)).ToArray(), device: _device).view(-1, 1, 1, 1);
        return Turn(perPosition, factors, dtype);
    }

    private (Tensor Cos, Tensor Sin) MakeRotation(RotaryFrequencies frequencies, ScalarType dtype, DecodePlace place)
    {
        if (frequencies.DependOnLength)
        {
            throw new NotSupportedException("its rotary angles depend on how long the text is");
        }

        return Turn(
            place.Constant(frequencies, () => tensor(frequencies.For(TotalLength), device: _device).view(1, 1, -1)),
            place.Constant((frequencies, nameof(frequencies.AttentionFactor)), () => tensor((float)frequencies.AttentionFactor(TotalLength), device: _device)),
            dtype);
    }

    private (Tensor Cos, Tensor Sin) Turn(Tensor perPosition, Tensor factors, ScalarType dtype)
    {
        var angles = (Positions.to(float32).unsqueeze(-1) * perPosition).unsqueeze(1); // [B or 1, 1, T, r / 2]
        return ((angles.cos() * factors).to(dtype).DetachFromDisposeScope(), (angles.sin() * factors).to(dtype).DetachFromDisposeScope());
    }

    private Tensor NewTokens() => _place is not null ? _place.Position.alias() : Absolute(PastLength, TotalLength);

    private Tensor Absolute(long from, long to) => arange(from, to, dtype: int64, device: _device);

    private Tensor Padding() => tensor(LeftPadding!.Select(padding => (long)padding).ToArray(), dtype: int64, device: _device).unsqueeze(-1); // [B, 1]
}
