namespace Moesaic.Checkpoints;

/// <summary>A tensor that a model's rules or parameters name, and the part of a parameter that it fills.</summary>
internal readonly record struct StatedTensor(string Name, WeightTarget Target, WeightRegion Region)
{
    /// <summary>Every tensor of a checkpoint of these weights: those of the rules, then the parameters that no rule fills.</summary>
    internal static IEnumerable<StatedTensor> Of(ModuleWeights weights, IEnumerable<ResolvedRule> rules) =>
    [
        .. rules.SelectMany(static rule => rule.Expand().Select(stated => new StatedTensor(stated.Tensor, rule.Target, stated.Region))),
        .. weights.Targets.Where(static target => !target.HasRules).Select(static target => new StatedTensor(target.CheckpointName, target, WeightRegion.All)),
    ];
}
