using Moesaic.Checkpoints;
using Moesaic.Configs;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>A checkpoint of random numbers: for an architecture that nobody has trained yet, for tests and for benchmarks.</summary>
public static class SyntheticCheckpoint
{
    /// <summary>Writes config.json and the safetensors that a model of that config loads, under the names and in the layouts it declares.</summary>
    /// <remarks>Where the config has a <c>quantization_config</c>, the weights of routed experts are codes and scales.</remarks>
    /// <param name="config">The config.json of a known architecture.</param>
    /// <param name="directory">A folder to make; one without weights of its own may be there.</param>
    /// <param name="seed">The same seed gives the same numbers.</param>
    /// <param name="dtype">The dtype of the tensors; parameters that keep one of their own have that.</param>
    /// <returns>The tensors, by name.</returns>
    /// <exception cref="ConfigException">The config is unusable, or asks for an unknown architecture.</exception>
    /// <exception cref="CheckpointException">The folder has weights already.</exception>
    public static IReadOnlyList<ExpectedTensor> Write(
        string config, string directory, int seed = 0, ScalarType dtype = ScalarType.Float32)
    {
        var reader = ConfigReader.Load(config);
        var definition = ModelRegistry.Find(reader);
        if (Directory.Exists(directory) && Directory.EnumerateFiles(directory, "*.safetensors*").FirstOrDefault() is { } weights)
        {
            throw CheckpointException.Of(directory, "a folder without weights", Path.GetFileName(weights), "name another folder");
        }

        using var network = definition.Create(reader);
        RandomWeights.Fill(network, seed, dtype);
        Directory.CreateDirectory(directory);
        CheckpointWriter.Write(network, Path.Combine(directory, CheckpointWriter.FileName), CheckpointQuantization.Read(reader));
        File.WriteAllBytes(Path.Combine(directory, "config.json"), File.ReadAllBytes(config));
        return ExpectedTensor.Of(network);
    }
}
