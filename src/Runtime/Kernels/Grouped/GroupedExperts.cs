using Moesaic.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Rows sorted by expert, then one <c>_grouped_mm</c> for each projection of all experts.</summary>
/// <remarks>
/// Projections and activation are rounded to the model's dtype, before and after a bias is added; weighting and the sum over K are
/// float32 and rounded once, in the order of the routes. In float32 that equals <see cref="EagerExperts"/> up to the order of sums.
/// </remarks>
internal sealed class GroupedExperts : ExpertsKernel
{
    internal override ExpertsBackend Backend => ExpertsBackend.Grouped;

    internal override string Merit => "one matrix product for all experts";

    internal override string? Refusal(in BackendFacts facts)
    {
        if (facts.Quantized)
        {
            return "the weights stay quantized, and _grouped_mm takes none that are";
        }

        if (facts.Device is not (DeviceType.CPU or DeviceType.CUDA or DeviceType.META))
        {
            return $"libtorch has no _grouped_mm on {facts.Device}";
        }

        if (facts.Dtype is not (ScalarType.Float32 or ScalarType.BFloat16 or ScalarType.Float16))
        {
            return $"_grouped_mm takes no {facts.Dtype}";
        }

        var elements = facts.Dtype == ScalarType.Float32 ? 4 : 8;
        return facts.HiddenSize % elements != 0 ? Ragged("hidden size", facts.HiddenSize, facts.Dtype)
            : facts.IntermediateSize % elements != 0 ? Ragged("expert width", facts.IntermediateSize, facts.Dtype)
            : !facts.Aligned ? "the weights do not begin at a multiple of 16 bytes"
            : null;
    }

    private static string Ragged(string name, int size, ScalarType dtype) =>
        $"_grouped_mm takes rows of a multiple of 16 bytes, which the {name} {size} is not in {dtype}";

    // T tokens, D hidden, F expert width, E experts, K top-k, R = T * K rows
    internal override Tensor Run(in ExpertsCall call)
    {
        var experts = call.Experts;
        using var permutation = new TokenPermutation(call.TopKIds, experts.W13.size(0));
        using var rows = permutation.Gather(call.HiddenStates);                             // [R, D]
        using var w13Rows = Project(rows, experts.W13, experts.W13Bias, permutation);       // [R, 2F]
        using var hidden = experts.Activation.Apply(w13Rows);                               // [R, F]
        using var outputs = Project(hidden, experts.W2, experts.W2Bias, permutation);       // [R, D]
        return Combine(outputs, permutation, call.TopKWeights);
    }

    /// <summary>Each row times its expert's weight [M, N], plus its bias [M]: [R, N] to [R, M].</summary>
    private static Tensor Project(Tensor rows, Tensor weights, Tensor? bias, TokenPermutation permutation)
    {
        using var dense = rows.contiguous();
        using var matrices = weights.transpose(1, 2);
        var result = Aten.GroupedMm(dense, matrices, permutation.Offsets);
        if (bias is not null)
        {
            using var biasRows = bias.index_select(0, permutation.Experts);
            result.add_(biasRows);
        }

        return result;
    }

    /// <summary>Σ_k weight[t, k] · output[t, k]: [R, D] to [T, D].</summary>
    private static Tensor Combine(Tensor outputs, TokenPermutation permutation, Tensor topKWeights)
    {
        using var restored = permutation.Restore(outputs);
        using var perToken = restored.view(topKWeights.size(0), topKWeights.size(1), -1);   // [T, K, D]
        using var column = topKWeights.unsqueeze(2);                                        // [T, K, 1]
        using var weighted = perToken.mul(column);                                          // float32
        using var sum = weighted.sum(1);
        return sum.to(outputs.dtype);
    }
}
