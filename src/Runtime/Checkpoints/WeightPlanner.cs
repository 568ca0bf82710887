using System.Globalization;
using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>Makes one <see cref="WeightPlan"/>.</summary>
internal sealed class WeightPlanner(ExplicitModule model, Checkpoint checkpoint)
{
    private const string Expert = "{e}";
    private const string Rules = "correct the weight rules of the model";

    private readonly ModuleWeights _weights = new(model);
    private readonly WeightProblems _problems = new(checkpoint.Path);
    private readonly List<WeightAssignment> _assignments = [];
    private readonly Dictionary<string, string> _claims = new(StringComparer.Ordinal);

    internal WeightPlan Plan(IReadOnlyList<NamePattern> ignoredPatterns)
    {
        foreach (var (rule, _, path) in _weights.Rules)
        {
            TargetOf(rule, path).FillByRules(IsByExpert(rule));
        }

        foreach (var (rule, checkpointPath, path) in _weights.Rules)
        {
            Apply(rule, ModuleWeights.Join(checkpointPath, rule.Tensor), TargetOf(rule, path));
        }

        foreach (var target in _weights.Targets.Where(target => !target.HasRules))
        {
            Assign(target.CheckpointName, target, WeightRegion.All);
        }

        foreach (var target in _weights.Targets)
        {
            if (target.Unfilled() is { } part)
            {
                _problems.Add(WeightProblemKind.NeverWritten, target.Name, "rules that fill all of it", $"none for {part}", Rules);
            }
        }

        var ignored = IgnoreOrRefuse(ignoredPatterns);
        _problems.ThrowIfAny();
        return new(model, checkpoint, _weights.Targets, _assignments, ignored);
    }

    private static bool IsByExpert(WeightRule rule) => rule.Tensor.Contains(Expert, StringComparison.Ordinal);

    private static string Describe(WeightTarget target, WeightRegion region) =>
        region.ToString() is { Length: > 0 } text ? $"{target.Name} ({text})" : target.Name;

    private static bool Converts(SafetensorsDtype found, ScalarType? kept) => kept switch
    {
        null or ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64 => found.IsPlainFloat,
        { } dtype => found.ScalarType == dtype,
    };

    private WeightTarget TargetOf(WeightRule rule, string path)
    {
        var name = ModuleWeights.Join(path, rule.Parameter);
        return _weights.Find(name) ?? throw CheckpointException.Of(checkpoint.Path, rule.Tensor, $"a registered parameter {name} for its rule", "none", Rules);
    }

    private void Apply(WeightRule rule, string tensor, WeightTarget target)
    {
        var region = RegionOf(rule, target);
        if (!IsByExpert(rule))
        {
            Assign(tensor, target, region);
            return;
        }

        var experts = target.Shape[0];
        if (experts > checkpoint.Tensors.Count)
        {
            // The number comes from a config and may be anything: no list of what is missing for each.
            var found = $"a checkpoint of {checkpoint.Tensors.Count} tensors in all";
            throw CheckpointException.Of(checkpoint.Path, tensor, $"one for each of {experts} experts", found, "check that config.json belongs to it");
        }

        for (var expert = 0; expert < experts; expert++)
        {
            var name = tensor.Replace(Expert, expert.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            Assign(name, target, region with { Expert = expert });
        }
    }

    private WeightRegion RegionOf(WeightRule rule, WeightTarget target)
    {
        var rank = target.Shape.Length;
        var experts = IsByExpert(rule) ? 1 : 0; // Dimensions that the choice of an expert takes away.
        var rows = target.Name.EndsWith("bias", StringComparison.Ordinal) ? rank - 1 : Math.Max(rank - 2, experts);
        var halves = rule.Slice != WeightSlice.Whole || rule.Interleaved;
        var problem = experts > rank ? "a dimension for the experts"
            : halves && (rows < experts || rows >= rank || target.Shape[rows] % 2 != 0) ? "an even number of rows to halve"
            : rule is { Interleaved: true, Slice: not WeightSlice.Whole } ? "either interleaved rows or half of them"
            : rule.Transposed && rank - experts < 2 ? "two dimensions to transpose"
            : rule.Flat && (rank < 2 || IsByExpert(rule)) ? "all experts in a flat tensor"
            : null;
        return problem is null
            ? new(rows, null, rule.Slice, rule.Transposed, rule.Interleaved, rule.Flat)
            : throw CheckpointException.Of(checkpoint.Path, rule.Tensor, problem, $"{rule} for {target.Name} {TensorShape.Text(target.Shape)}", Rules);
    }

    private void Assign(string name, WeightTarget target, WeightRegion region)
    {
        var place = Describe(target, region);
        if (target.Claim(region, name) is { } other)
        {
            _problems.Add(WeightProblemKind.WrittenTwice, place, "one tensor that fills it", $"two, {other} and {name}", Rules);
        }

        if (!_claims.TryAdd(name, place))
        {
            _problems.Add(WeightProblemKind.WrittenTwice, name, "one place to fill", $"two, {_claims[name]} and {place}", Rules);
        }

        if (!checkpoint.Tensors.TryGetValue(name, out var source))
        {
            var expected = $"a tensor {TensorShape.Text(region.SourceShape(target.Shape))} for {place}";
            _problems.Add(WeightProblemKind.Missing, name, expected, "none", "check that config.json belongs to this checkpoint");
        }
        else if (Check(source, target, region, place))
        {
            _assignments.Add(new(source, target, region));
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
            _problems.Add(WeightProblemKind.Dtype, source.Name, $"{expected} for {place}", source.Dtype.Name, "convert the checkpoint");
            return false;
        }

        return true;
    }

    private List<string> IgnoreOrRefuse(IReadOnlyList<NamePattern> patterns)
    {
        var ignored = new List<string>();
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
