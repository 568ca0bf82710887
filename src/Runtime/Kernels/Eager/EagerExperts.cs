using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>One expert after the other: the definition of correct.</summary>
/// <remarks>
/// out[t] = Σ_k weight[t, k] · (w2[e] · activation(w13[e] · x[t] + b13[e]) + b2[e]), e = ids[t, k].
/// Projections and activation are rounded to the model's dtype, a projection's bias before it is rounded; weighting and the
/// sum are float32 and rounded once. A token's experts are added in the order of their ids.
/// </remarks>
internal sealed class EagerExperts : ExpertsKernel
{
    internal override ExpertsBackend Backend => ExpertsBackend.Eager;

    internal override string Merit => "which runs everywhere";

    internal override string? Refusal(in BackendFacts facts) => null;

    // T tokens, D hidden, F expert width, E experts, K top-k, n tokens of one expert
    internal override Tensor Run(in ExpertsCall call)
    {
        using var scope = NewDisposeScope();
        var (x, experts) = (call.HiddenStates, call.Experts);
        var weights = call.TopKWeights.flatten();                                       // [T * K]
        var sum = zeros(x.shape, x.dtype == float64 ? float64 : float32, x.device);     // [T, D]
        foreach (var (expert, assignments) in AssignmentsByExpert(call.TopKIds))
        {
            using var inner = NewDisposeScope();
            var slots = tensor(assignments, device: x.device);                          // [n]: t * K + k
            var tokens = slots.div(call.TopKIds.size(1), RoundingMode.floor);           // [n]
            var rows = x.index_select(0, tokens);                                       // [n, D]
            var w13Rows = nn.functional.linear(rows, experts.W13Of(expert), experts.W13Bias?[expert]);
            var hidden = experts.Activation.Apply(w13Rows);                             // [n, F]
            var output = nn.functional.linear(hidden, experts.W2Of(expert), experts.W2Bias?[expert]);
            sum.index_add_(0, tokens, output * weights.index_select(0, slots).unsqueeze(1), 1);
        }

        return sum.to(x.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>For each expert that some token chose, ascending: the positions in the flattened ids that name it, ascending.</summary>
    private static SortedDictionary<int, List<long>> AssignmentsByExpert(Tensor topKIds)
    {
        using var host = topKIds.cpu();
        using var dense = host.contiguous();
        var assignments = new SortedDictionary<int, List<long>>();
        foreach (var (slot, expert) in MemoryMarshal.Cast<byte, int>(dense.bytes).ToArray().Index())
        {
            if (!assignments.TryGetValue(expert, out var slots))
            {
                assignments.Add(expert, slots = []);
            }

            slots.Add(slot);
        }

        return assignments;
    }
}
