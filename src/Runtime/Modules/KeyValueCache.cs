using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Keys and values of one layer's earlier tokens, in buffers that grow by doubling until they are fixed.</summary>
public sealed class KeyValueCache : IDisposable, IFixedState
{
    private const long FirstCapacity = 64;

    private Tensor? _keys;
    private Tensor? _values;
    private long _length;
    private DecodePlace? _place;

    /// <summary>Appends [B, H, T, d] and [B, H, T, v]; returns all so far, [B, H, S, d] and [B, H, S, v], as views that the caller disposes.</summary>
    /// <remarks>Where they are fixed, S is all that there is room for; the pass's mask says what of it is there.</remarks>
    public (Tensor Keys, Tensor Values) Append(Tensor keys, Tensor values)
    {
        if (_place is not null)
        {
            _keys!.index_copy_(2, _place.Position, keys);
            _values!.index_copy_(2, _place.Position, values);
            return (_keys.alias(), _values.alias());
        }

        var added = keys.shape[2];
        Write(ref _keys, keys);
        Write(ref _values, values);
        _length += added;
        return (_keys!.narrow(2, 0, _length), _values!.narrow(2, 0, _length));
    }

    /// <summary>All that there is room for, [B, H, S, d] and [B, H, S, v], where it is fixed; what the pass writes there itself need not be appended.</summary>
    internal (Tensor Keys, Tensor Values)? Fixed => _place is null || _keys is null ? null : (_keys, _values!);

    /// <inheritdoc/>
    public void Dispose()
    {
        _keys?.Dispose();
        _values?.Dispose();
    }

    void IFixedState.Fix(DecodePlace place)
    {
        _place = place;
        Fix(ref _keys, place);
        Fix(ref _values, place);
    }

    /// <summary>Zeros, not whatever lay there: nothing times no number would be no number.</summary>
    private static void Fix(ref Tensor? buffer, DecodePlace place)
    {
        if (buffer is not null)
        {
            var old = buffer;
            var shape = old.shape;
            shape[2] = place.Capacity;
            buffer = zeros(shape, dtype: old.dtype, device: old.device).DetachFromDisposeScope();
            Copy(buffer, 0, old.narrow(2, 0, place.Start));
            old.Dispose();
        }
    }

    private void Write(ref Tensor? buffer, Tensor added)
    {
        var needed = _length + added.shape[2];
        if (buffer is null || buffer.shape[2] < needed)
        {
            var shape = added.shape;
            shape[2] = Math.Max(Math.Max(FirstCapacity, needed), 2 * (buffer?.shape[2] ?? 0));
            var larger = empty(shape, dtype: added.dtype, device: added.device).DetachFromDisposeScope();
            if (buffer is not null)
            {
                Copy(larger, 0, buffer.narrow(2, 0, _length));
                buffer.Dispose();
            }

            buffer = larger;
        }

        Copy(buffer, _length, added.alias());
    }

    /// <summary>Writes <paramref name="source"/>, which it disposes, from position <paramref name="start"/>.</summary>
    private static void Copy(Tensor target, long start, Tensor source)
    {
        using (source)
        {
            using var slice = target.narrow(2, start, source.shape[2]);
            slice.copy_(source).Dispose();
        }
    }
}
