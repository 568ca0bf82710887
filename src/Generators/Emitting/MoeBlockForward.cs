using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Emitting;

/// <summary>Writes the forward of a block: a straight line, every tensor disposed on every path.</summary>
internal static class MoeBlockForward
{
    public static void Write(SourceWriter writer, MoeBlockSpec spec)
    {
        var selectionBias = spec.RouterWeights.SelectionBias is null ? "null" : "SelectionBias";
        writer.Separate();
        writer.Write("/// <inheritdoc/>");
        writer.Open("public override global::TorchSharp.torch.Tensor forward(global::TorchSharp.torch.Tensor hiddenStates)");
        writer.Write("using var x = hiddenStates.reshape(-1, Config.HiddenSize); // [T, D]");
        writer.Separate();
        writer.Write(spec.RouterWeights.OnInput
            ? $"""
                // Route: every token scores every expert and keeps K of them.
                using var routerLogits = Gate.forward(x); // [T, E]
                using var routing = Router.Route(routerLogits, {selectionBias}); // ids and weights, [T, K] each

                // Dispatch, compute, combine: each token, times its weights, to its experts, through them, and their outputs summed.
                using var routed = Experts.ForwardWeightedInputsPartial(x, routing.TopKIds, routing.TopKWeights); // [T, D], this rank's share of it
                """
            : $"""
                // Score: every token scores every expert.
                using var routerLogits = Gate.forward(x); // [T, E]

                // Route, dispatch, compute, combine: each token to the K experts of the router's choice, through them, and their outputs summed by weight.
                using var routed = Experts.ForwardPartial(x, routerLogits, {selectionBias}, Router); // [T, D], this rank's share of it
                """);
        var routed = "routed";
        if (spec.OutputScale != "")
        {
            writer.Write("using var scaled = routed * RoutedScalingFactor; // [T, D]");
            routed = "scaled";
        }

        writer.Separate();
        if (spec.SharedExperts is { Optional: true })
        {
            writer.Open("if (SharedExperts is null)");
            WriteReduction(writer, routed, "alone");
            writer.Close();
            writer.Separate();
        }

        if (spec.SharedExperts is { } shared)
        {
            var gate = shared.Optional ? "SharedExpertsGate!" : "SharedExpertsGate";
            writer.Write(shared.Gated
                ? $"""
                    // Shared: every token passes it, and a sigmoid says how much of it counts.
                    using var mlp = SharedExperts.ForwardPartial(x); // [T, D]
                    using var gateLogits = {gate}.forward(x); // [T, 1]
                    using var gate = gateLogits.sigmoid(); // [T, 1]
                    using var shared = mlp * gate; // [T, D]
                    using var sum = {routed} + shared; // [T, D]
                    """
                : $"""
                    // Shared: every token passes it.
                    using var shared = SharedExperts.ForwardPartial(x); // [T, D]
                    using var sum = {routed} + shared; // [T, D]
                    """);
            writer.Separate();
        }

        writer.Write("// Reduce: the one sum over ranks, of which there may be one.");
        WriteReduction(writer, spec.SharedExperts is null ? routed : "sum", "y");
        writer.Close();
    }

    private static void WriteReduction(SourceWriter writer, string partial, string name) => writer.Write($"""
        using var {name} = {partial}.Reduce(); // [T, D]
        return {name}.Value.reshape(hiddenStates.shape);
        """);
}
