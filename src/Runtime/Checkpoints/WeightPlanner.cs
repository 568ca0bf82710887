using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>Makes one <see cref="WeightPlan"/>.</summary>
internal sealed class WeightPlanner(ExplicitModule model, Checkpoint checkpoint, CheckpointQuantization? quantization)
{
    private const string CorrectRules = "correct the weight rules of the model";

    private readonly ModuleWeights _weights = new(model);
    private readonly WeightProblems _problems = new(checkpoint.Path);
    private readonly List<WeightAssignment> _assignments = [];
    private readonly List<string> _unused = [];
    private readonly Dictionary<string, string> _claims = new(StringComparer.Ordinal);

    internal WeightPlan Plan(IReadOnlyList<NamePattern> ignoredPatterns)
    {
        var rules = _weights.ResolveRules(checkpoint.Path);
        rules.ForEach(CheckExperts);
        rules.ForEach(static rule => rule.Target.FillByRules(rule.IsByExpert));
        foreach (var rule in rules)
        {
            foreach (var (tensor, region) in rule.Expand())
            {
                Assign(tensor, rule.Target, region);
            }
        }

        foreach (var target in _weights.Targets.Where(target => !target.HasRules))
        {
            Assign(target.CheckpointName, target, WeightRegion.All);
        }

        foreach (var target in _weights.Targets)
        {
            if (target.Unfilled() is { } part)
            {
                _problems.Add(WeightProblemKind.NeverWritten, target.Name, "rules that fill all of it", $"none for {part}", CorrectRules);
            }
        }

        var ignored = IgnoreOrRefuse(ignoredPatterns);
        _problems.ThrowIfAny();
        return new(model, checkpoint, _weights.Targets, _assignments, ignored);
    }

    private static string Describe(WeightTarget target, WeightRegion region) =>
        region.ToString() is { Length: > 0 } text ? $"{target.Name} ({text})" : target.Name;

    private static bool Converts(SafetensorsDtype found, ScalarType? kept) => kept switch
    {
        null or ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64 => found.IsPlainFloat,
        { } dtype => found.ScalarType == dtype,
    };

    private string DtypeAdvice(SafetensorsDtype found) => found.Size > 1 ? "convert the checkpoint"
        : quantization is null ? "config.json has no quantization_config that says how it is quantized: add it, or convert the checkpoint"
        : $"config.json says that it is quantized otherwise ({quantization.Name}): correct it, or convert the checkpoint";

    /// <summary>Their number comes from a config and may be anything: no list of what is missing for each.</summary>
    private void CheckExperts(ResolvedRule rule)
    {
        var experts = rule.Target.Shape is [var first, ..] ? first : 0;
        if (rule.IsByExpert && experts > checkpoint.Tensors.Count)
        {
            var found = $"a checkpoint of {checkpoint.Tensors.Count} tensors in all";
            throw CheckpointException.Of(
                checkpoint.Path, rule.Tensor, $"one for each of {experts} experts", found, "check that config.json belongs to this checkpoint");
        }
    }

    private void Assign(string name, WeightTarget target, WeightRegion region)
    {
        var place = Describe(target, region);
        if (target.Claim(region, name) is { } other)
        {
            _problems.Add(WeightProblemKind.WrittenTwice, place, "one tensor that fills it", $"two, {other} and {name}", CorrectRules);
        }

        var quantized = quantization?.Find(new(name, target, region, place, checkpoint, _problems));
        foreach (var stored in quantized?.Names ?? [name])
        {
            if (!_claims.TryAdd(stored, place))
            {
                _problems.Add(WeightProblemKind.WrittenTwice, stored, "one place to fill", $"two, {_claims[stored]} and {place}", CorrectRules);
            }
        }

        if (quantized is not null)
        {
            Assign(quantized, target, region);
        }
        else if (!checkpoint.Tensors.TryGetValue(name, out var source))
        {
            var expected = $"a tensor {TensorShape.Text(region.SourceShape(target.Shape))} for {place}";
            _problems.Add(WeightProblemKind.Missing, name, expected, "none", "check that config.json belongs to this checkpoint");
        }
        else if (Check(source, target, region, place))
        {
            _assignments.Add(new(source, target, region));
        }
    }

    private void Assign(QuantizedSource quantized, WeightTarget target, WeightRegion region)
    {
        _unused.AddRange(quantized.Unused);
        if (quantized.Tensor is { } tensor)
        {
            _assignments.Add(new(tensor.Values, target, tensor.Place(region)) { Quantized = tensor, QuantizedDtype = quantization!.Dtype });
        }
    }

    private bool Check(CheckpointTensor source, WeightTarget target, WeightRegion region, string place)
    {
        var shape = region.SourceShape(target.Shape);
        if (!source.Shape.SequenceEqual(shape))
        {
            var advice = ShapeHint.For(source.Shape, target.Shape, region);
            _problems.Add(WeightProblemKind.Shape, source.Name, $"{TensorShape.Text(shape)} for {place}", TensorShape.Text(source.Shape), advice);
            return false;
        }

        if (!Converts(source.Dtype, target.Registration.KeptDtype))
        {
            var expected = target.Registration.KeptDtype is { } kept ? $"a dtype that converts to {kept}" : "F64, F32, F16 or BF16";
            _problems.Add(WeightProblemKind.Dtype, source.Name, $"{expected} for {place}", source.Dtype.Name, DtypeAdvice(source.Dtype));
            return false;
        }

        return true;
    }

    private List<string> IgnoreOrRefuse(IReadOnlyList<NamePattern> patterns)
    {
        var ignored = new List<string>(_unused);
        foreach (var name in checkpoint.Tensors.Keys.Where(name => !_claims.ContainsKey(name)))
        {
            if (patterns.Any(pattern => pattern.Matches(name)))
            {
                ignored.Add(name);
            }
            else
            {
                _problems.Add(WeightProblemKind.Unclaimed, name, "a parameter that it fills", "none", "check that config.json belongs to it, or declare it as ignored");
            }
        }

        return ignored;
    }
}
