using Moesaic.Generators.Expansion;

namespace Moesaic.Generators.Checkpoints;

/// <summary>Goes through what a model declares, and looks for each tensor.</summary>
/// <param name="tensors">The checkpoint's.</param>
/// <param name="isQuantized">A weight may be kept under <c>NAME_blocks</c>, with scales beside it.</param>
internal sealed class Matcher(CheckpointTensors tensors, bool isQuantized)
{
    private static readonly string[] Scales = ["_scale_inv", "_scale", "_scales"];

    private readonly Dictionary<string, Origin> _origins = new(StringComparer.Ordinal);

    /// <summary>The declaration that a name of the checkpoint is nearest to.</summary>
    public Origin? Nearest(string tensor)
    {
        for (var end = tensor.Length; end > 0; end = tensor.LastIndexOf('.', end - 1))
        {
            if (_origins.TryGetValue(tensor.Substring(0, end), out var origin))
            {
                return origin;
            }
        }

        return null;
    }

    public Match Run(TensorNode model)
    {
        var match = new Match();
        Walk(model, "", null, match);
        return match;
    }

    private void Walk(TensorNode node, string path, Origin? origin, Match match)
    {
        switch (node)
        {
            case LeafNode leaf:
                Claim(leaf, Nodes.Join(path, leaf.Name), origin, match);
                break;
            case GroupNode group:
                foreach (var part in group.Parts)
                {
                    Walk(part, path, origin, match);
                }

                break;
            case BelowNode below:
                var name = Nodes.Join(path, below.Name);
                if (below.Origin is { } nearer)
                {
                    origin = nearer with { Location = nearer.Location ?? origin?.Location };
                    if (below.Name != "")
                    {
                        _origins[name] = origin; // One attribute of several on a block has no name of its own.
                    }
                }

                Walk(below.Inner, name, origin, match);
                break;
            case ChoiceNode choice:
                match.Add(Best([.. choice.Alternatives.Select(alternative => Alone(alternative, path, origin))]));
                break;
            case CutNode cut:
                match.Cuts.Add((cut, path, origin));
                break;
            case AnythingNode:
                match.Open.Add(path);
                break;
        }
    }

    private Match Alone(TensorNode node, string path, Origin? origin)
    {
        var match = new Match();
        Walk(node, path, origin, match);
        return match;
    }

    /// <summary>The alternative that the checkpoint has: it lacks the least, and leaves the least of what another one would take.</summary>
    private static Match Best(IReadOnlyList<Match> alternatives)
    {
        var union = alternatives.SelectMany(static a => a.Claimed).Distinct(StringComparer.Ordinal).Count();
        var best = alternatives
            .OrderBy(a => a.Open.Count > 0 ? 0 : a.Missing.Count + a.Misshapen.Count + union - a.Claimed.Count)
            .ThenByDescending(static a => a.Claimed.Count)
            .First();
        if (alternatives.Any(a => a != best && a.Missing.Count == 0) || best.Missing.Count > 0)
        {
            best.Cuts.Clear(); // The checkpoint does not tell which it is.
        }

        return best;
    }

    private void Claim(LeafNode leaf, string name, Origin? origin, Match match)
    {
        if (tensors.Shapes.TryGetValue(name, out var shape))
        {
            match.Claimed.Add(name);
            if (leaf.IsNarrowRouter)
            {
                match.NarrowRouters.Add(new(name, leaf.Shape, shape, origin));
            }

            if (shape is not null && leaf.Shape is { } expected && !Fits(expected, shape))
            {
                match.Misshapen.Add(new(name, expected, shape, origin));
            }
        }
        else if (isQuantized && tensors.Has(name + "_blocks"))
        {
            match.Claimed.Add(name + "_blocks");
        }
        else
        {
            match.Missing.Add(new(name, leaf.Shape, null, origin));
            return;
        }

        if (isQuantized)
        {
            match.Claimed.AddRange(Scales.Select(suffix => name + suffix).Concat(ActivationScales(name)).Where(tensors.Has));
        }
    }

    private static IEnumerable<string> ActivationScales(string weight) => weight.EndsWith(".weight", StringComparison.Ordinal)
        ? [weight.Substring(0, weight.Length - "weight".Length) + "input_scale", weight.Substring(0, weight.Length - "weight".Length) + "activation_scale"]
        : [];

    private static bool Fits(IReadOnlyList<long?> expected, IReadOnlyList<long> found) =>
        expected.Count == found.Count && expected.Zip(found, static (e, f) => e is null || e == f).All(static fits => fits);
}
