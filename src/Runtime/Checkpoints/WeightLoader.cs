using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>Gives a model the values of a checkpoint, without a second copy of it in memory.</summary>
/// <remarks>
/// A parameter that one tensor fills as it is, in the dtype of the file and on the CPU, lies in the mapped file itself and costs nothing
/// until it is used; any other is allocated once, and its tensors are converted straight into their places. Quantized weights of routed
/// experts lie in the file too where no dtype is asked for: their parameters have a shape and the dtype to compute in, on the meta device.
/// </remarks>
public static class WeightLoader
{
    /// <summary>Loads the model of <paramref name="plan"/>; its checkpoint may be disposed afterwards.</summary>
    /// <param name="dtype">float32, bfloat16, float16 or float64; null for the dtypes of the file, with routed experts left quantized on the CPU. Parameters that keep a dtype of their own do.</param>
    /// <param name="device">Where the parameters will be.</param>
    /// <param name="progress">Told after each tensor.</param>
    /// <remarks>
    /// If it fails, the model is as it was. Parameters in mapped memory, and every view of them, are valid until the model is disposed;
    /// writing to one does not change the file.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">The checkpoint is disposed.</exception>
    public static void Load(WeightPlan plan, ScalarType? dtype, Device device, IProgress<LoadProgress>? progress = null)
    {
        var sources = plan.Assignments.ToLookup(assignment => assignment.Target);
        var parameters = plan.Targets.ToDictionary(target => target, target => new PendingParameter(target, [.. sources[target]], dtype, device));
        try
        {
            var files = Read(plan, parameters, progress);
            foreach (var parameter in parameters.Values)
            {
                parameter.HandOver();
            }

            foreach (var file in files)
            {
                plan.Model.Own(file.Keep());
            }

            plan.Model.NoteDevice(device);
        }
        finally
        {
            foreach (var parameter in parameters.Values)
            {
                parameter.Dispose();
            }
        }
    }

    /// <summary>Reads every tensor once, in the order of the files.</summary>
    /// <returns>The files in which parameters lie.</returns>
    private static HashSet<SafetensorsFile> Read(
        WeightPlan plan, Dictionary<WeightTarget, PendingParameter> parameters, IProgress<LoadProgress>? progress)
    {
        var files = new HashSet<SafetensorsFile>();
        var total = plan.Assignments.Sum(assignment => assignment.Source.ByteLength);
        var done = 0L;
        foreach (var assignment in plan.Assignments.OrderBy(a => a.Source.File, StringComparer.Ordinal).ThenBy(a => a.Source.Offset))
        {
            files.UnionWith(parameters[assignment.Target].Fill(assignment));
            done += assignment.Source.ByteLength;
            progress?.Report(new(assignment.Tensor, done, total));
        }

        return files;
    }
}
