using Moesaic.Configs;
using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>How a checkpoint keeps weights in fewer bits: what config.json's <c>quantization_config</c> says, once for all tensors.</summary>
/// <remarks>
/// The config says how a quantized tensor is kept, and the file which tensors are: norms, routers and heads mostly are not. Values are
/// read in float32 and then in the dtype that is asked for; activations are not quantized.
/// </remarks>
public abstract class CheckpointQuantization
{
    private protected CheckpointQuantization(string name, ScalarType dtype) => (Name, Dtype) = (name, dtype);

    /// <summary>What reports call it: <c>fp8, blocks of 128 x 128</c>.</summary>
    public string Name { get; }

    /// <summary>The dtype of quantized values where none is asked for: that of config.json.</summary>
    public ScalarType Dtype { get; }

    /// <summary>Reads <c>quantization_config</c>; null where there is none.</summary>
    /// <exception cref="ConfigException">It is of a kind that is not read, or contradicts itself.</exception>
    public static CheckpointQuantization? Read(ConfigReader config)
    {
        if (config.Section("quantization_config") is not { } section)
        {
            return null;
        }

        var dtype = DtypeOf(config);
        return section.OptionalString("quant_method") switch
        {
            "fp8" => Fp8Quantization.Read(section, dtype),
            "fbgemm_fp8" => new Fp8Quantization(null, Fp8Scales.TensorOrChannel, hasInputScales: true, dtype),
            "compressed-tensors" => Fp8Quantization.ReadGroups(section, dtype),
            "mxfp4" => new Mxfp4Quantization(dtype),
            var other => throw section.Error(
                "quant_method", "fp8, fbgemm_fp8, compressed-tensors or mxfp4", other ?? "none", "use a checkpoint that is not quantized in this way"),
        };
    }

    /// <summary>The tensor as the checkpoint keeps it; null where it is kept plain, or not at all.</summary>
    /// <remarks>What is wrong with it goes into the request's problems, and <see cref="QuantizedSource.Tensor"/> is null.</remarks>
    internal abstract QuantizedSource? Find(QuantizedRequest request);

    /// <summary>A plain tensor as codes and scales.</summary>
    internal abstract IReadOnlyList<WrittenTensor> Write(StatedTensor tensor);

    private static ScalarType DtypeOf(ConfigReader config) => config.OptionalString("dtype", "torch_dtype") switch
    {
        null or "bfloat16" => ScalarType.BFloat16,
        "float16" => ScalarType.Float16,
        "float32" => ScalarType.Float32,
        var other => throw config.Error("dtype", "bfloat16, float16 or float32", other, "correct the config"),
    };
}
