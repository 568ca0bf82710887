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

    internal bool AreNone => _values is null;

    /// <summary>The one at an index; 0 where there are none.</summary>
    internal float At(nint index) => _values is null ? 0 : _isBfloat16 ? Bfloat16.ToSingle(((ushort*)_values)[index]) : ((float*)_values)[index];

    /// <summary>Adds those from an index on.</summary>
    internal void Add(nint start, float* target, int count)
    {
        if (_values is null)
        {
            return;
        }

        for (var i = 0; i < count; i++)
        {
            target[i] += At(start + i);
        }
    }
}
