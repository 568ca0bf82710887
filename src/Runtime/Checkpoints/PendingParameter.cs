using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>The values of a parameter while they are read: the model's own stay as they are until all are there.</summary>
internal sealed class PendingParameter : IDisposable
{
    private const int BatchAlignment = 16; // What libtorch's grouped matrix products ask of stacked experts.

    private readonly WeightTarget _target;
    private readonly ScalarType _dtype;
    private readonly Device _device;
    private readonly bool _inPlace;
    private readonly MappedWeights? _quantized;
    private readonly Device _place;
    private DeviceWeights? _uploaded;
    private Tensor? _value;

    /// <param name="sources">The tensors that fill it.</param>
    /// <param name="dtype">The model's; null for that of the file.</param>
    internal PendingParameter(WeightTarget target, IReadOnlyList<WeightAssignment> sources, ScalarType? dtype, Device device)
    {
        _target = target;
        _dtype = target.Registration.KeptDtype ?? dtype ?? Common(sources) ?? target.Registration.Value.dtype;
        _quantized = MappedWeights.For(target, sources, dtype, device.type);
        _place = device;
        _device = _quantized is null ? device : META;
        _inPlace = device.type == TorchSharp.DeviceType.CPU
            && sources is [{ IsWholeParameter: true, Source: var source }]
            && source.Dtype.ScalarType == _dtype
            && source.IsAlignedTo(target.Shape.Length > 2 ? BatchAlignment : source.Dtype.Size);
    }

    /// <summary>Reads one of its tensors.</summary>
    /// <returns>The files in whose memory the parameter now lies: they must outlive it.</returns>
    internal IEnumerable<SafetensorsFile> Fill(WeightAssignment assignment)
    {
        if (_quantized is not null && _place.type != TorchSharp.DeviceType.CPU)
        {
            _uploaded ??= DeviceWeights.Upload(_quantized, _place); // All parts: they are mapped already.
            Release(assignment);
            return [];
        }

        if (_quantized is not null)
        {
            return [assignment.Source.Owner, assignment.Quantized!.Scales.Owner]; // Other ranks' too: experts may come here later.
        }

        var cut = _target.Cut;
        if (cut is not null && !CutReader.Reads(assignment, cut))
        {
            return [];
        }

        if (_inPlace)
        {
            using var scope = NewDisposeScope();
            var whole = assignment.Source.View(_target.Shape);
            var part = cut is null ? whole : cut.Of(whole);
            if (cut is null || IsInside(part, assignment.Source))
            {
                _value = part.DetachFromDisposeScope();
                return [assignment.Source.Owner];
            }
        }

        if (cut is not null)
        {
            CutReader.Read(assignment, cut, Allocate());
            Release(assignment);
            return [];
        }

        using var region = assignment.Place.Select(Allocate());
        TensorReader.Read(assignment, region);
        Release(assignment);
        return [];
    }

    /// <summary>Gives the values to the model.</summary>
    internal void HandOver()
    {
        var value = Allocate(); // No tensor fills a parameter without elements, or one whose values stay quantized.
        _value = null;
        if (_uploaded is not null)
        {
            _target.Registration.Owner.Own(_uploaded);
        }

        _target.Registration.Owner.Replace(_target.Registration, value, (QuantizedWeights?)_uploaded ?? _quantized);
        _uploaded = null;
    }

    public void Dispose()
    {
        _value?.Dispose();
        _uploaded?.Dispose();
    }

    /// <summary>The one dtype of tensors that share a parameter, or the narrowest that holds them all.</summary>
    private static ScalarType? Common(IReadOnlyList<WeightAssignment> sources)
    {
        var dtypes = sources.Select(source => source.ValueDtype).Distinct().ToList();
        return dtypes switch
        {
            [] => null,
            [var only] => only,
            _ => dtypes.Contains(ScalarType.Float64) ? ScalarType.Float64 : ScalarType.Float32,
        };
    }

    private static void Release(WeightAssignment assignment)
    {
        assignment.Source.ReleasePages();
        assignment.Quantized?.Scales.ReleasePages();
    }

    /// <summary>A part that lies in the file in one piece, where kernels may read it.</summary>
    private static bool IsInside(Tensor part, CheckpointTensor source)
    {
        var address = Aten.DataPointer(part);
        return part.is_contiguous() && address >= source.Address && address < source.Address + (nint)source.ByteLength
            && address % (part.ndim > 2 ? BatchAlignment : source.Dtype.Size) == 0;
    }

    private Tensor Allocate()
    {
        if (_value is null)
        {
            var shape = _target.Cut?.LocalShape(_target.Shape) ?? _target.Shape;
            _value = empty(shape, dtype: _dtype, device: _device).DetachFromDisposeScope();
            if (_target.Cut is { IsZero: true })
            {
                _value.zero_();
            }
        }

        return _value;
    }
}
