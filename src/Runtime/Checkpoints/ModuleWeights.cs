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

    /// <summary>Every rule under full names.</summary>
    /// <param name="source">What messages call the checkpoint.</param>
    /// <exception cref="CheckpointException">A rule names no parameter, or contradicts itself or its parameter.</exception>
    internal List<ResolvedRule> ResolveRules(string source) => [.. Rules.Select(stated => Resolve(stated, source))];

    /// <summary>A name below another; either may be empty.</summary>
    internal static string Join(string path, string name) => path.Length == 0 ? name : name.Length == 0 ? path : $"{path}.{name}";

    private ResolvedRule Resolve((WeightRule Rule, string CheckpointPath, string Path) stated, string source)
    {
        var name = Join(stated.Path, stated.Rule.Parameter);
        var tensor = Join(stated.CheckpointPath, stated.Rule.Tensor);
        var target = Find(name)
            ?? throw CheckpointException.Of(source, tensor, $"a registered parameter {name} for its rule", "none", "correct the weight rules of the model");
        return ResolvedRule.Of(stated.Rule, tensor, target, source);
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
