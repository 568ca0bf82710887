namespace Moesaic.Checkpoints;

/// <summary>The parameters and weight rules of a module and everything below it, under their full names.</summary>
internal sealed class ModuleWeights
{
    private readonly Dictionary<string, WeightTarget> _byName = new(StringComparer.Ordinal);

    internal ModuleWeights(ExplicitModule module) => Walk(module, "", "");

    /// <summary>Every parameter, in registration order.</summary>
    internal List<WeightTarget> Targets { get; } = [];

    /// <summary>Every rule, with the checkpoint name and the registered name of the module that states it.</summary>
    internal List<(WeightRule Rule, string CheckpointPath, string Path)> Rules { get; } = [];

    /// <summary>The parameter of a full registered name.</summary>
    internal WeightTarget? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>A name below another; either may be empty.</summary>
    internal static string Join(string path, string name) => path.Length == 0 ? name : name.Length == 0 ? path : $"{path}.{name}";

    /// <summary>Every rule, checked; the parameters learn which of them fill them.</summary>
    /// <param name="file">What messages call the checkpoint.</param>
    /// <param name="tensors">How many tensors the checkpoint has; one that is yet to be written has as many as it takes.</param>
    /// <exception cref="CheckpointException">A rule contradicts itself or its parameter, there is no such parameter, or tensors are too few.</exception>
    internal List<ResolvedRule> Resolve(string file, int tensors = int.MaxValue)
    {
        var resolved = Rules.ConvertAll(stated => Resolve(stated, file, tensors));
        resolved.ForEach(static rule => rule.Target.FillByRules(rule.IsByExpert));
        return resolved;
    }

    private ResolvedRule Resolve((WeightRule Rule, string CheckpointPath, string Path) stated, string file, int tensors)
    {
        var name = Join(stated.Path, stated.Rule.Parameter);
        var tensor = Join(stated.CheckpointPath, stated.Rule.Tensor);
        var target = Find(name)
            ?? throw CheckpointException.Of(file, tensor, $"a registered parameter {name} for its rule", "none", "correct the weight rules of the model");
        return ResolvedRule.Of(stated.Rule, tensor, target, file, tensors);
    }

    private void Walk(ExplicitModule module, string checkpointPath, string path)
    {
        foreach (var parameter in module.Parameters)
        {
            var target = new WeightTarget(parameter, Join(path, parameter.Name), Join(checkpointPath, parameter.CheckpointName));
            Targets.Add(target);
            _byName.Add(target.Name, target);
        }

        foreach (var rule in module.WeightRules)
        {
            Rules.Add((rule, checkpointPath, path));
        }

        foreach (var child in module.Children)
        {
            Walk(child.Module, Join(checkpointPath, child.CheckpointName), Join(path, child.Name));
        }
    }
}
