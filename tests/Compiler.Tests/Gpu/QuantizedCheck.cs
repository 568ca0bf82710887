using System.Globalization;
using Moesaic.Checkpoints;
using Moesaic.Configs;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Kernels.Tests;

/// <summary>Experts that stay quantized on a GPU, from a checkpoint on, against the same ones widened to float32. Needs no test framework.</summary>
internal static class QuantizedCheck
{
    private const double Tolerance = 1e-2;

    private const string Blocks = """{"quant_method":"fp8","weight_block_size":[128,128]}""";
    private const string NarrowBlocks = """{"quant_method":"fp8","weight_block_size":[20,128]}""";
    private const string Rows =
        """{"quant_method":"compressed-tensors","format":"float-quantized","config_groups":{"group_0":{"weights":{"type":"float","num_bits":8,"symmetric":true,"strategy":"channel"}}}}""";
    private const string Tensors =
        """{"quant_method":"compressed-tensors","format":"float-quantized","config_groups":{"group_0":{"weights":{"type":"float","num_bits":8,"symmetric":true,"strategy":"tensor"}}}}""";
    private const string Mxfp4 = """{"quant_method":"mxfp4"}""";

    private static readonly Dictionary<string, Func<int, double>> Layers = new()
    {
        ["fp8, blocks"] = tokens => Error(static () => new FusedExperts<SwiGlu>(16, 288, 160), Blocks, tokens, topK: 4),
        ["fp8, blocks of 20 rows"] = tokens => Error(static () => new FusedExperts<SwiGlu>(8, 256, 192), NarrowBlocks, tokens, topK: 2),
        ["fp8, a scale a row, ungated, with biases"] = tokens => Error(static () => new FusedExperts<SquaredRelu>(8, 288, 352, bias: true), Rows, tokens, topK: 2),
        ["fp8, a scale a tensor, weights on the input"] = tokens => Error(static () => new FusedExperts<SwiGlu>(8, 256, 128), Tensors, tokens, topK: 2, onInput: true),
        ["mxfp4 with biases"] = tokens => Error(static () => new FusedExperts<ClampedSwiGlu>(32, 288, 160, new(7), bias: true), Mxfp4, tokens, topK: 4),
        ["mxfp4, an author's activation"] = tokens => Error(static () => new FusedExperts<AuthorsActivation>(8, 288, 160, new(0.5)), Mxfp4, tokens, topK: 2),
    };

    internal static IEnumerable<string> Names => Layers.Keys;

    /// <summary>The relative error of a layer.</summary>
    /// <exception cref="InvalidOperationException">It is larger than bfloat16 explains, runs or backends differ, or the weights did not stay quantized.</exception>
    internal static double Run(string name, int tokens) => Layers[name](tokens);

    private static double Error(Func<FusedExperts> create, string quantization, int tokens, int topK, bool onInput = false)
    {
        RuntimeCompilation.Enable();
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var folder = Directory.CreateTempSubdirectory("moesaic-quantized-").FullName;
        try
        {
            var config = ConfigReader.Parse($$"""{"dtype":"bfloat16","quantization_config":{{quantization}}}""", "config.json");
            using (var random = create())
            {
                RandomWeights.Fill(random, tokens, ScalarType.BFloat16, deviation: 0.1);
                CheckpointWriter.Write(random, Path.Combine(folder, CheckpointWriter.FileName), CheckpointQuantization.Read(config));
            }

            using var stored = Load(create(), folder, config, null);
            using var narrow = Load(create(), folder, config, ScalarType.BFloat16);
            using var wide = Load(create(), folder, config, ScalarType.Float32);
            return Error(stored, narrow, wide, tokens, topK, onInput);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Error(FusedExperts stored, FusedExperts narrow, FusedExperts wide, int tokens, int topK, bool onInput)
    {
        var x = empty([tokens, wide.W2.size(1)], ScalarType.BFloat16, CUDA).normal_();
        var (weights, choice) = rand(tokens, wide.W2.size(0), ScalarType.Float32, CUDA).topk(topK, 1);
        var ids = choice.to(ScalarType.Int32);
        Tensor Forward(FusedExperts experts, ExpertsBackend backend)
        {
            experts.Backend = backend;
            using var input = x.to(experts.W13.dtype);
            return experts.Choice.Backend != backend ? throw new InvalidOperationException(experts.BackendReason)
                : onInput ? experts.ForwardWeightedInputs(input, ids, weights)
                : experts.Forward(input, ids, weights);
        }

        if (stored.QuantizedBytes == 0 || stored.W13.device_type != DeviceType.META)
        {
            throw new InvalidOperationException("the weights are wide");
        }

        full(x.shape, double.NaN, ScalarType.BFloat16, CUDA).Dispose(); // Likely the result's memory.
        var first = Forward(stored, ExpertsBackend.Fused);
        var again = Forward(stored, ExpertsBackend.Fused);
        var decoded = Forward(stored, ExpertsBackend.Eager);
        var loaded = Forward(narrow, ExpertsBackend.Eager);
        var expected = Forward(wide, ExpertsBackend.Eager);
        var error = ((first.to(ScalarType.Float32) - expected).norm() / expected.norm()).item<float>();
        return !(error <= Tolerance) ? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"relative error {error}"))
            : !first.equal(again).all().item<bool>() ? throw new InvalidOperationException("two runs differ")
            : !decoded.equal(loaded).all().item<bool>() ? throw new InvalidOperationException("eager gives other numbers with codes than with what the loader makes of them")
            : error;
    }

    private static FusedExperts Load(FusedExperts experts, string folder, ConfigReader config, ScalarType? dtype)
    {
        using var checkpoint = Checkpoint.Open(folder);
        WeightLoader.Load(WeightPlan.For(experts, checkpoint, [], CheckpointQuantization.Read(config)), dtype, CUDA);
        return experts;
    }
}
