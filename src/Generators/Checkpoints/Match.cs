using Moesaic.Generators.Expansion;

namespace Moesaic.Generators.Checkpoints;

/// <summary>How a declaration and a checkpoint agree.</summary>
internal sealed class Match
{
    /// <summary>Tensors that the declaration names and the checkpoint has.</summary>
    public List<string> Claimed { get; } = [];

    /// <summary>Tensors that the declaration names and the checkpoint lacks.</summary>
    public List<Finding> Missing { get; } = [];

    public List<Finding> Misshapen { get; } = [];

    /// <summary>Weights of routers that are declared to compute in the model's dtype.</summary>
    public List<Finding> NarrowRouters { get; } = [];

    /// <summary>Names below which everything is allowed.</summary>
    public List<string> Open { get; } = [];

    /// <summary>What tensor ranks share, of modules that are there for certain.</summary>
    public List<(CutNode Node, string Path, Origin? Origin)> Cuts { get; } = [];

    public void Add(Match other)
    {
        Claimed.AddRange(other.Claimed);
        Missing.AddRange(other.Missing);
        Misshapen.AddRange(other.Misshapen);
        NarrowRouters.AddRange(other.NarrowRouters);
        Open.AddRange(other.Open);
        Cuts.AddRange(other.Cuts);
    }
}
