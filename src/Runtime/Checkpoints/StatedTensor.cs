namespace Moesaic.Checkpoints;

/// <summary>A tensor that a model's rules or parameters name, and the part of a parameter that it fills.</summary>
internal readonly record struct StatedTensor(string Name, WeightTarget Target, WeightRegion Region)
{
    /// <summary>Its shape in the checkpoint.</summary>
    internal long[] Shape => Region.SourceShape(Target.Shape);

    /// <summary>Every tensor of a checkpoint of <paramref name="model"/>, in the order of its modules.</summary>
    /// <param name="source">What messages call the checkpoint.</param>
    /// <exception cref="CheckpointException">The model's weight rules contradict themselves or their parameters.</exception>
    internal static IReadOnlyList<StatedTensor> Of(ExplicitModule model, string source)
    {
        var weights = new ModuleWeights(model);
        var byRules = weights.ResolveRules(source).ToLookup(rule => rule.Target);
        return [.. weights.Targets.SelectMany(target => byRules.Contains(target)
            ? byRules[target].SelectMany(rule => rule.Expand()).Select(filled => new StatedTensor(filled.Tensor, target, filled.Region))
            : [new(target.CheckpointName, target, WeightRegion.All)])];
    }
}
