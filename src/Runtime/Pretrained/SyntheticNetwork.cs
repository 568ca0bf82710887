using Moesaic.Configs;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>A network of random numbers from a config.json alone, made where it is to run: for benchmarks.</summary>
public static class SyntheticNetwork
{
    /// <summary>The network that a config asks for.</summary>
    /// <param name="config">The config.json of a known architecture.</param>
    /// <param name="dtype">The dtype of the parameters; those that keep one of their own have that.</param>
    /// <param name="device">Where the parameters are made.</param>
    /// <param name="seed">The same seed gives the same numbers on the same device.</param>
    /// <exception cref="ConfigException">The config is unusable, or asks for an unknown architecture.</exception>
    public static CausalLm Create(string config, ScalarType dtype, Device device, int seed = 0)
    {
        var reader = ConfigReader.Load(config);
        var network = ModelRegistry.Find(reader).Create(reader);
        RandomWeights.Fill(network, seed, dtype, device);
        network.Device = device;
        return network;
    }
}
