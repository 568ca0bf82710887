using Moesaic.Checkpoints;
using static TorchSharp.torch;

namespace Moesaic.Kernels;

/// <summary>How weights lie in device memory, and with it what their activations are.</summary>
internal enum WeightFormat
{
    /// <summary>bfloat16, as its activations.</summary>
    BFloat16,

    /// <summary>float16, as its activations.</summary>
    Float16,

    /// <summary>A byte each, with float32 scales; activations are bfloat16.</summary>
    E4M3,

    /// <summary>Half a byte each, with a power of two for 32 of a row; activations are bfloat16.</summary>
    E2M1,
}

/// <summary>What follows from it.</summary>
internal static class WeightFormats
{
    extension(WeightFormat format)
    {
        /// <summary>That of what lies between kernels: bfloat16 but for float16.</summary>
        internal WeightFormat Activations => format == WeightFormat.Float16 ? WeightFormat.Float16 : WeightFormat.BFloat16;

        /// <summary>Codes with scales.</summary>
        internal bool IsCoded => format is WeightFormat.E4M3 or WeightFormat.E2M1;

        /// <summary>Of a weight.</summary>
        internal int Bits => format switch
        {
            WeightFormat.E4M3 => 8,
            WeightFormat.E2M1 => 4,
            _ => 16,
        };
    }

    /// <summary>By the name that a user knows.</summary>
    internal static IReadOnlyDictionary<string, WeightFormat> ByName { get; } = new Dictionary<string, WeightFormat>(StringComparer.Ordinal)
    {
        ["bfloat16"] = WeightFormat.BFloat16,
        ["float16"] = WeightFormat.Float16,
        ["fp8"] = WeightFormat.E4M3,
        ["mxfp4"] = WeightFormat.E2M1,
    };

    /// <summary>That of weights, which may be quantized, and of activations of a dtype; null where no kernel takes them.</summary>
    internal static WeightFormat? Of(ScalarType dtype, QuantizedFormat? quantized) => (dtype, quantized) switch
    {
        (ScalarType.BFloat16, null) => WeightFormat.BFloat16,
        (ScalarType.Float16, null) => WeightFormat.Float16,
        (ScalarType.BFloat16, QuantizedFormat.Fp8) => WeightFormat.E4M3,
        (ScalarType.BFloat16, QuantizedFormat.Mxfp4) => WeightFormat.E2M1,
        _ => null,
    };
}
