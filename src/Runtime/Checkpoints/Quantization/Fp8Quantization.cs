using Moesaic.Configs;
using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>8-bit floats of four exponent bits, each times a float32 scale of its block, its row or its tensor: DeepSeek-V3, https://arxiv.org/abs/2412.19437, 3.3.</summary>
/// <remarks>The scales of <c>NAME</c> are <c>NAME_scale_inv</c> or <c>NAME_scale</c>. Either way they multiply.</remarks>
internal sealed class Fp8Quantization : CheckpointQuantization
{
    private const string Values = "F8_E4M3";
    private static readonly string[] ScaleSuffixes = ["_scale_inv", "_scale"];
    private static readonly string[] InputScaleNames = ["input_scale", "activation_scale", "input_scale_ub"];

    private readonly (long Rows, long Columns)? _block;
    private readonly Fp8Scales _scales;
    private readonly bool _hasInputScales;

    /// <param name="block">What a scale covers where <paramref name="scales"/> are of blocks.</param>
    /// <param name="hasInputScales">Weights may have a scale for activations beside them, which is not used.</param>
    internal Fp8Quantization((long Rows, long Columns)? block, Fp8Scales scales, bool hasInputScales, ScalarType dtype)
        : base(Describe(block, scales), dtype) => (_block, _scales, _hasInputScales) = (block, scales, hasInputScales);

    /// <summary>As DeepSeek's and Qwen's checkpoints say it.</summary>
    internal static Fp8Quantization Read(ConfigReader section, ScalarType dtype)
    {
        section.Supports("fmt", "e4m3", "float8_e4m3fn");
        section.Supports("activation_scheme", "dynamic", "static");
        var block = Block(section, "weight_block_size");
        var scales = block is null ? Fp8Scales.TensorOrChannel : Fp8Scales.Block;
        return new(block, scales, section.OptionalString("activation_scheme") == "static", dtype);
    }

    /// <summary>As llm-compressor's checkpoints say it, in groups of layers that must be of one kind.</summary>
    internal static Fp8Quantization ReadGroups(ConfigReader section, ScalarType dtype)
    {
        section.Supports("format", "float-quantized", "naive-quantized");
        var groups = section.Section("config_groups");
        var first = groups?.Section("group_0")?.Section("weights")
            ?? throw section.Error("config_groups", "group_0.weights", "none", "use a checkpoint whose config has it");
        if (groups.Has("group_1"))
        {
            throw section.Error("config_groups", "one group", "several", "this is not read");
        }

        first.Supports("type", "float");
        first.Supports("num_bits", 8);
        first.Supports("symmetric", true);
        return first.OptionalString("strategy") switch
        {
            "tensor" => new(null, Fp8Scales.Tensor, hasInputScales: true, dtype),
            "channel" => new(null, Fp8Scales.Channel, hasInputScales: true, dtype),
            "block" when Block(first, "block_structure") is { } block => new(block, Fp8Scales.Block, hasInputScales: true, dtype),
            var other => throw first.Error("strategy", "tensor, channel, or block with a block_structure", other ?? "none", "this is not read"),
        };
    }

    internal override QuantizedSource? Find(QuantizedRequest request)
    {
        if (request.Find(request.Name) is not { } values || values.Dtype.Name != Values)
        {
            return null;
        }

        var names = ScaleSuffixes.Select(suffix => request.Name + suffix).Where(name => request.Find(name) is not null).ToArray();
        var unused = _hasInputScales ? InputScales(request).ToArray() : [];
        return new([request.Name, .. names, .. unused], Check(request, values, names)) { Unused = unused };
    }

    internal override IReadOnlyList<WrittenTensor> Write(StatedTensor tensor)
    {
        var shape = tensor.Shape;
        var isChannel = _scales.HasFlag(Fp8Scales.Channel);
        var block = _block ?? (isChannel ? 1 : shape[^2], shape[^1]);
        long[] scales = _block is not null ? BlockShape(shape, block) : isChannel ? [.. shape[..^1], 1] : [.. shape[..^2], 1];
        Tensor Encode(Func<Tensor, (long, long), Tensor> encode)
        {
            using var values = tensor.Region.Extract(tensor.Target.Registration.Value);
            return encode(values, block);
        }

        return
        [
            new(tensor.Name, Fp8Encoding.E4M3, shape, () => Encode(Fp8Encoding.Codes)),
            new(tensor.Name + ScaleSuffixes[_block is null ? 1 : 0], ScalarType.Float32, scales, () =>
            {
                using var grid = Encode(Fp8Encoding.Scales);
                return grid.reshape(scales);
            }),
        ];
    }

    private static IEnumerable<string> InputScales(QuantizedRequest request)
    {
        const string weight = "weight";
        return request.Name.EndsWith(weight, StringComparison.Ordinal)
            ? InputScaleNames.Select(suffix => request.Name[..^weight.Length] + suffix).Where(name => request.Find(name) is not null)
            : [];
    }

    private static (long Rows, long Columns)? Block(ConfigReader section, string key) => section.OptionalInt32s(key) switch
    {
        null => null,
        [> 0 and var rows, > 0 and var columns] => (rows, columns),
        var other => throw section.Error(key, "two positive numbers, rows and columns", TensorShape.Text(other.Select(size => (long)size)), "correct the config"),
    };

    private static string Describe((long Rows, long Columns)? block, Fp8Scales scales) => scales switch
    {
        Fp8Scales.Block => $"fp8, blocks of {block!.Value.Rows} x {block.Value.Columns}",
        Fp8Scales.Tensor => "fp8, a scale a tensor",
        Fp8Scales.Channel => "fp8, a scale a row",
        _ => "fp8, a scale a tensor or row",
    };

    private Fp8Tensor? Check(QuantizedRequest request, CheckpointTensor values, string[] scaleNames)
    {
        var shape = request.Region.SourceShape(request.Target.Shape);
        if (!values.Shape.SequenceEqual(shape))
        {
            var advice = ShapeHint.For(values.Shape, request.Target.Shape, request.Region);
            request.Report(WeightProblemKind.Shape, values.Name, $"{TensorShape.Text(shape)} for {request.Place}", TensorShape.Text(values.Shape), advice);
            return null;
        }

        if (shape.Length is not (2 or 3) || request.Region.Flat)
        {
            request.Report(WeightProblemKind.Dtype, values.Name, "a plain tensor: fp8 is read of matrices and of stacked ones", Values, "convert the checkpoint");
            return null;
        }

        if (scaleNames.Length != 1)
        {
            var found = scaleNames.Length == 0 ? "none" : "both";
            request.Report(WeightProblemKind.Missing, request.Name, $"its scales, {string.Join(" or ", ScaleSuffixes.Select(suffix => request.Name + suffix))}", found);
            return null;
        }

        var scales = request.Find(scaleNames[0])!;
        return Grid(shape, scales) is { } block ? new(values, scales, shape, block) : Refuse(request, shape, scales);
    }

    /// <summary>What one scale covers, by the shape of all; null where that fits none that the config allows.</summary>
    private (long Rows, long Columns)? Grid(long[] shape, CheckpointTensor scales)
    {
        if (!scales.Dtype.IsPlainFloat && scales.Dtype.Name != "F8_E8M0")
        {
            return null;
        }

        var found = scales.Shape;
        if (_block is { } block)
        {
            return found.SequenceEqual(BlockShape(shape, block)) ? block : null;
        }

        var (rows, columns) = (shape[^2], shape[^1]);
        var matrices = shape.Length == 3 ? shape[0] : 1;
        var count = found.Aggregate(1L, static (product, size) => product * size);
        var isChannel = _scales.HasFlag(Fp8Scales.Channel)
            && (found.SequenceEqual([.. shape[..^1], 1]) || found.SequenceEqual(shape[..^1]));
        var isTensor = _scales.HasFlag(Fp8Scales.Tensor) && (count == 1 || (count == matrices && found.Count > 0 && found[0] == matrices));
        return isChannel ? (1, columns) : isTensor ? (rows, columns) : null;
    }

    private static long[] BlockShape(long[] shape, (long Rows, long Columns) block) =>
        [.. shape[..^2], Fp8Tensor.Blocks(shape[^2], block.Rows), Fp8Tensor.Blocks(shape[^1], block.Columns)];

    private Fp8Tensor? Refuse(QuantizedRequest request, long[] shape, CheckpointTensor scales)
    {
        string?[] allowed =
        [
            _block is { } block ? TensorShape.Text(BlockShape(shape, block)) : null,
            _scales.HasFlag(Fp8Scales.Tensor) ? TensorShape.Text(shape.Length == 3 ? [shape[0]] : [1]) : null,
            _scales.HasFlag(Fp8Scales.Channel) ? TensorShape.Text([.. shape[..^1], 1]) : null,
        ];
        var expected = $"F32 {string.Join(" or ", allowed.Where(text => text is not null))} for {request.Name} {TensorShape.Text(shape)}";
        request.Report(
            WeightProblemKind.Shape, scales.Name, expected, $"{scales.Dtype} {TensorShape.Text(scales.Shape)}", "check quantization_config in config.json");
        return null;
    }
}
