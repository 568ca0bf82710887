using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Kernels.Cpu;

/// <summary>Biases of all experts, dense, in float32 or bfloat16; or none.</summary>
internal readonly unsafe struct BiasValues
{
    private readonly byte* _values;
    private readonly bool _isBfloat16;

    internal BiasValues(Tensor? values)
    {
        _values = values is null ? null : (byte*)Aten.DataPointer(values);
        _isBfloat16 = values?.dtype == ScalarType.BFloat16;
    }

    /// <summary>Adds those from an index on.</summary>
    internal void Add(nint start, float* target, int count)
    {
        if (_values is null)
        {
            return;
        }

        for (var i = 0; i < count; i++)
        {
            target[i] += _isBfloat16 ? Bfloat16.ToSingle(((ushort*)_values)[start + i]) : ((float*)_values)[start + i];
        }
    }
}
