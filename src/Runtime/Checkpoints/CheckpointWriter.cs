using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>Writes a model's parameters as a checkpoint of the model: under the names and in the layouts that its weight rules declare.</summary>
/// <remarks>The inverse of <see cref="WeightLoader"/>: what it writes, the same model loads, equal in every element.</remarks>
public static class CheckpointWriter
{
    /// <summary>What a checkpoint of one file is called.</summary>
    public const string FileName = "model.safetensors";

    /// <summary>Writes one safetensors file; a tensor at a time is in memory beside the model.</summary>
    /// <param name="path">The file; it takes its name when it is complete.</param>
    /// <exception cref="CheckpointException">A weight rule contradicts itself or names no parameter, or two name one tensor.</exception>
    /// <exception cref="InvalidOperationException">A parameter is on the meta device: nothing has given it values, or they stay quantized.</exception>
    public static void Write(ExplicitModule model, string path) => Write(model, path, null);

    /// <summary>The same with the weights of routed experts as codes and scales.</summary>
    internal static void Write(ExplicitModule model, string path, CheckpointQuantization? quantization)
    {
        var stated = StatedTensor.Of(model, path).ToList();
        Refuse(stated, path);

        // Wide dtypes first, so that each tensor is aligned and can be used in place.
        var tensors = stated
            .SelectMany(tensor => quantization is not null && IsOfExperts(tensor) ? quantization.Write(tensor) : [WrittenTensor.Plain(tensor)])
            .OrderByDescending(static tensor => SafetensorsDtype.Of(tensor.Dtype).Size)
            .ThenBy(static tensor => tensor.Name, StringComparer.Ordinal)
            .ToList();
        using var gradients = no_grad();
        using var writer = new SafetensorsWriter(path, [.. tensors.Select(static tensor => (tensor.Name, tensor.Dtype, tensor.Shape))]);
        foreach (var tensor in tensors)
        {
            using var stored = tensor.Value();
            writer.Write(stored);
        }

        writer.Complete();
    }

    private static void Refuse(List<StatedTensor> tensors, string path)
    {
        if (tensors.Find(static tensor => tensor.Target.Registration.Quantized is not null) is { Target: { } quantized })
        {
            throw new InvalidOperationException($"{quantized.Name} is quantized; load the checkpoint in a dtype to write it");
        }

        if (tensors.Find(static tensor => tensor.Target.Cut is not null) is { Target: { } part })
        {
            throw new InvalidOperationException($"{part.Name} is one rank's part; load the checkpoint on one rank to write it");
        }

        if (tensors.Find(static tensor => Value(tensor).device_type == DeviceType.META) is { Target: { } target })
        {
            throw new InvalidOperationException($"{target.Name} has no values; load a checkpoint or call RandomWeights.Fill first");
        }

        if (tensors.GroupBy(static tensor => tensor.Name, StringComparer.Ordinal).FirstOrDefault(static group => group.Count() > 1) is { } twice)
        {
            var places = string.Join(" and ", twice.Select(static tensor => tensor.Target.Name));
            throw CheckpointException.Of(path, twice.Key, "one place that it fills", $"two, {places}", "correct the weight rules of the model");
        }
    }

    private static bool IsOfExperts(StatedTensor tensor) => tensor is { Target: { Registration.Owner: FusedExperts, Shape.Length: 3 }, Region.Flat: false };

    private static Tensor Value(StatedTensor tensor) => tensor.Target.Registration.Value;
}
