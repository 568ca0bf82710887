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
    private readonly QuantizedWeights? _quantized;
    private Tensor? _value;

    /// <param name="sources">The tensors that fill it.</param>
    /// <param name="dtype">The model's; null for that of the file.</param>
    internal PendingParameter(WeightTarget target, IReadOnlyList<WeightAssignment> sources, ScalarType? dtype, Device device)
    {
        _target = target;
        _dtype = target.Registration.KeptDtype ?? dtype ?? Common(sources) ?? target.Registration.Value.dtype;
        _quantized = QuantizedWeights.For(target, sources, dtype, device.type);
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
        if (_quantized is not null)
        {
            return [assignment.Source.Owner, assignment.Quantized!.Scales.Owner];
        }

        if (_inPlace)
        {
            _value = assignment.Source.View(_target.Shape).DetachFromDisposeScope();
            return [assignment.Source.Owner];
        }

        using var region = assignment.Place.Select(Allocate());
        TensorReader.Read(assignment, region);
        assignment.Source.ReleasePages();
        assignment.Quantized?.Scales.ReleasePages();
        return [];
    }

    /// <summary>Gives the values to the model.</summary>
    internal void HandOver()
    {
        var value = Allocate(); // No tensor fills a parameter without elements, or one whose values stay quantized.
        _value = null;
        _target.Registration.Owner.Replace(_target.Registration, value, _quantized);
    }

    public void Dispose() => _value?.Dispose();

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

    private Tensor Allocate() => _value ??= empty(_target.Shape, dtype: _dtype, device: _device).DetachFromDisposeScope();
}
