using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>4-bit floats in blocks of 32 inputs with a power of two for each: OCP Microscaling, https://arxiv.org/abs/2310.10537.</summary>
/// <remarks>
/// <c>NAME</c> is kept as <c>NAME_blocks</c> [..., out, in / 32, 16], two numbers a byte, and <c>NAME_scales</c> [..., out, in / 32].
/// The blocks run along the inputs, so that outputs come first even where the plain tensor has inputs first.
/// </remarks>
internal sealed class Mxfp4Quantization(ScalarType dtype) : CheckpointQuantization("mxfp4", dtype)
{
    private const string Byte = "U8";

    internal override QuantizedSource? Find(QuantizedRequest request)
    {
        var (blocksName, scalesName) = ($"{request.Name}_blocks", $"{request.Name}_scales");
        var (blocks, scales) = (request.Find(blocksName), request.Find(scalesName));
        if (blocks is null && scales is null)
        {
            return null;
        }

        var shape = Mxfp4Tensor.OutputsFirst(request.Region).SourceShape(request.Target.Shape);
        if (shape.Length < 2 || shape[^1] % Mxfp4Tensor.BlockLength != 0 || request.Region.Flat)
        {
            var found = $"one for {request.Place}, {TensorShape.Text(shape)}";
            request.Report(WeightProblemKind.Shape, blocksName, $"a multiple of {Mxfp4Tensor.BlockLength} inputs", found);
            return new([blocksName, scalesName], null);
        }

        long[] grid = [.. shape[..^1], shape[^1] / Mxfp4Tensor.BlockLength];
        var isSound = Check(request, blocksName, blocks, [.. grid, Mxfp4Tensor.BlockBytes]) & Check(request, scalesName, scales, grid);
        return new([blocksName, scalesName], isSound ? new Mxfp4Tensor(blocks!, scales!, shape) : null);
    }

    internal override IReadOnlyList<WrittenTensor> Write(StatedTensor tensor)
    {
        var region = Mxfp4Tensor.OutputsFirst(tensor.Region);
        long[] shape = region.SourceShape(tensor.Target.Shape);
        long[] grid = [.. shape[..^1], shape[^1] / Mxfp4Tensor.BlockLength];
        Tensor Encode(Func<Tensor, Tensor> encode)
        {
            using var values = region.Extract(tensor.Target.Registration.Value);
            return encode(values);
        }

        return
        [
            new($"{tensor.Name}_blocks", ScalarType.Byte, [.. grid, Mxfp4Tensor.BlockBytes], () => Encode(Mxfp4Encoding.Codes)),
            new($"{tensor.Name}_scales", ScalarType.Byte, grid, () => Encode(Mxfp4Encoding.Scales)),
        ];
    }

    private static bool Check(QuantizedRequest request, string name, CheckpointTensor? tensor, long[] shape)
    {
        var expected = $"{Byte} {TensorShape.Text(shape)} for {request.Place}";
        if (tensor is null)
        {
            request.Report(WeightProblemKind.Missing, name, expected, "none");
            return false;
        }

        if (tensor.Dtype.Name != Byte || !tensor.Shape.SequenceEqual(shape))
        {
            request.Report(WeightProblemKind.Shape, name, expected, $"{tensor.Dtype} {TensorShape.Text(tensor.Shape)}");
            return false;
        }

        return true;
    }
}
