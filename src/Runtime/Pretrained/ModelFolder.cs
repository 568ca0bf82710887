using Moesaic.Checkpoints;
using Moesaic.Configs;
using Moesaic.Eplb;

namespace Moesaic;

/// <summary>A checkpoint folder, understood and not yet loaded: its declaration, a network without values, and where each tensor will go.</summary>
public sealed class ModelFolder : IDisposable
{
    private readonly Checkpoint _checkpoint;

    private ModelFolder(string path, ModelDefinition definition, ConfigReader config, CausalLm network, Checkpoint checkpoint, WeightPlan plan)
    {
        Path = path;
        Definition = definition;
        Config = config;
        Network = network;
        Plan = plan;
        _checkpoint = checkpoint;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The declaration that config.json asks for.</summary>
    public ModelDefinition Definition { get; }

    /// <summary>config.json.</summary>
    public ConfigReader Config { get; }

    /// <summary>The network; its parameters have shapes and no values.</summary>
    public CausalLm Network { get; }

    /// <summary>Where each tensor of the checkpoint goes.</summary>
    public WeightPlan Plan { get; }

    /// <summary>Every tensor of the checkpoint, by name.</summary>
    public IReadOnlyList<CheckpointTensor> Tensors => [.. _checkpoint.Tensors.Values.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)];

    /// <summary>Opens a folder with config.json and safetensors, and checks that the one fills the other exactly.</summary>
    /// <exception cref="CheckpointException">The folder or its tensors are unusable.</exception>
    /// <exception cref="ConfigException">config.json is unusable, or asks for an unknown architecture.</exception>
    /// <exception cref="ParallelException">Ranks do not divide the model's sizes.</exception>
    /// <param name="parallel">This rank's place among those that run the model together: the network is its part.</param>
    public static ModelFolder Open(string path, ParallelContext? parallel = null)
    {
        if (!Directory.Exists(path))
        {
            throw CheckpointException.Of(path, "a folder with config.json and safetensors", "no such folder", "check the path");
        }

        var config = ConfigReader.Load(System.IO.Path.Combine(path, "config.json"));
        var definition = ModelRegistry.Find(config);
        var checkpoint = Checkpoint.Open(path);
        CausalLm? network = null;
        try
        {
            network = Create(definition, config);
            if (parallel is not null)
            {
                network.Parallelize(parallel, "");
            }

            var ignored = definition.IgnoredIn(config).Concat(network.Redundant);
            return new(path, definition, config, network, checkpoint, WeightPlan.For(network, checkpoint, ignored, CheckpointQuantization.Read(config)));
        }
        catch
        {
            network?.Dispose();
            checkpoint.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Network.Dispose();
        _checkpoint.Dispose();
    }

    private static CausalLm Create(ModelDefinition definition, ConfigReader config)
    {
        try
        {
            return definition.Create(config);
        }
        catch (Exception e) when (Unfit.Numbers(e))
        {
            throw new ConfigException(
                $"{config.Source}: expected sizes that make a {definition.Name}, found some that do not: {Unfit.FirstLine(e)}; check that it is the config of this checkpoint", e);
        }
    }

    /// <summary>Gives up the network, which its parameters' values have made independent of the folder.</summary>
    internal CausalLm Load(LoadOptions options)
    {
        Network.UseExperts(options.Experts); // What stays quantized may depend on it.
        WeightLoader.Load(Plan, options.Dtype, options.Device, options.Progress);
        _checkpoint.Dispose();
        Network.Device = options.Device;
        if (Network.Parallel is { Layout.Balancing: { } balancing } parallel)
        {
            parallel.Balancer = ExpertBalancer.Of(Network, parallel, balancing);
        }

        return Network;
    }
}
