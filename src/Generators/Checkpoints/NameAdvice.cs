namespace Moesaic.Generators.Checkpoints;

/// <summary>What a tensor that nobody claims may be: the likely declaration, by what the field calls such tensors.</summary>
/// <param name="tensors">The checkpoint's.</param>
/// <param name="layers">How many layers config.json says; null where it does not.</param>
internal sealed class NameAdvice(CheckpointTensors tensors, long? layers)
{
    /// <param name="tensor">Its name.</param>
    /// <param name="missing">Tensors that the declaration asks for and that are not there.</param>
    public string For(string tensor, IReadOnlyList<Finding> missing)
    {
        var last = Last(tensor);
        return this switch
        {
            _ when IsBeyondTheLastLayer(tensor) =>
                "it belongs to the layer after the last, which predicts one more token; declare `Ignored = [\"model.layers.{num_hidden_layers}.*\"]`",
            _ when last.EndsWith("gate_up_proj", StringComparison.Ordinal) => Stacked(tensor, last),
            _ when last.EndsWith("_bias", StringComparison.Ordinal) && tensors.Has(tensor.Substring(0, tensor.Length - "_bias".Length)) =>
                "experts have biases; declare `[ExpertWeights(Bias = true)]`",
            _ when last is "e_score_correction_bias" or "expert_bias" =>
                $"it moves the choice of experts; declare `[RouterWeights(SelectionBias = \"{BelowBlock(tensor)}\")]`",
            _ when tensor.Contains(".shared_") =>
                "every token passes it; declare `[SharedExperts]` on the block, or a child beside it",
            _ when last == "bias" && tensors.Has(Parent(tensor) + ".weight") =>
                tensor.Contains(".experts.") ? "experts have biases; declare `[ExpertWeights(Bias = true)]`" : "the layer has a bias; declare it: `bias: true`, or `[RouterWeights(Bias = true)]`",
            _ when Twin(tensor, missing) is { } twin => twin,
            _ => "declare what it fills, or that the model does not use it: `[MoeModel(…, Ignored = […])]`",
        };
    }

    /// <summary>The attribute of the block that says what the tensor is, and what it has to say. For the code fix; null where that is not certain.</summary>
    public (string Attribute, string Facts)? Role(string tensor) => Last(tensor) switch
    {
        _ when IsBeyondTheLastLayer(tensor) => null,
        "e_score_correction_bias" or "expert_bias" => ("RouterWeights", $"SelectionBias = \"{BelowBlock(tensor)}\""),
        var last when tensor.Contains(".experts.") && (last == "bias" || last.EndsWith("_bias", StringComparison.Ordinal)) => ("ExpertWeights", "Bias = true"),
        "gate_proj" or "up_proj" or "down_proj" when BelowBlock(tensor).Split('.') is [var name, _, "weight"] && name.StartsWith("shared_", StringComparison.Ordinal) => ("SharedExperts", $"Name = \"{name}\""),
        _ => null,
    };

    private string Stacked(string tensor, string last)
    {
        var suffix = tensor.EndsWith(".weight", StringComparison.Ordinal) ? "" : ", Suffix = \"\"";
        var biased = tensors.Has(tensor + "_bias");
        var facts = $"`[ExpertWeights(Layout = ExpertLayout.Stacked, GateUp = \"{last}\"{suffix}{(biased ? ", Interleaved = true, Transposed = true, Bias = true" : "")})]`";
        return biased ? $"it is stacked and, as in gpt-oss, interleaved; declare {facts}" : $"it is stacked; declare {facts}, and `Transposed` where it is [E, D, 2F]";
    }

    /// <summary>A tensor that is missing under the same parent, or under the same name elsewhere in it: the same thing, renamed.</summary>
    private static string? Twin(string tensor, IReadOnlyList<Finding> missing)
    {
        var parts = tensor.Split('.');
        var twin = missing.FirstOrDefault(finding => Differs(finding.Tensor.Split('.'), parts) == 1);
        return twin is null ? null : $"`{twin.Tensor}` is missing; is it that one? Declare its name: `[CheckpointName]`, or the name in the block's attribute";
    }

    /// <summary>What a child is called in a checkpoint that has its tensor under one other name: <c>model.layers.0.NAME.weight</c>. For the code fix.</summary>
    public static string? OtherName(string missing, IReadOnlyList<string> unclaimed)
    {
        var parts = missing.Split('.');
        var twins = unclaimed.Select(static name => name.Split('.')).Where(name => Differs(parts, name) == 1).Take(2).ToArray();
        var at = parts.Length - 2;
        return twins is [var twin] && at >= 0 && twin[at] != parts[at] ? twin[at] : null;
    }

    private static int Differs(string[] a, string[] b) => a.Length != b.Length ? int.MaxValue : a.Zip(b, static (x, y) => x == y ? 0 : 1).Sum();

    private bool IsBeyondTheLastLayer(string tensor)
    {
        var parts = tensor.Split('.');
        var at = Array.IndexOf(parts, "layers");
        return at >= 0 && at + 1 < parts.Length && long.TryParse(parts[at + 1], out var layer) && layer >= layers;
    }

    private static string Last(string tensor)
    {
        var name = tensor.EndsWith(".weight", StringComparison.Ordinal) ? Parent(tensor) : tensor;
        return name.Substring(name.LastIndexOf('.') + 1);
    }

    private static string Parent(string tensor) => tensor.LastIndexOf('.') is >= 0 and var dot ? tensor.Substring(0, dot) : "";

    /// <summary>What follows <c>layers.3.mlp.</c>.</summary>
    private static string BelowBlock(string tensor)
    {
        var parts = tensor.Split('.');
        var at = Array.IndexOf(parts, "layers");
        return at >= 0 && at + 3 < parts.Length ? string.Join(".", parts.Skip(at + 3)) : tensor;
    }
}
