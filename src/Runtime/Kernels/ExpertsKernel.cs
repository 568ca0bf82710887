using static TorchSharp.torch;

namespace Moesaic;

/// <summary>One way to run the routed experts.</summary>
internal abstract class ExpertsKernel
{
    internal abstract ExpertsBackend Backend { get; }

    /// <summary>What it brings, for the sentence that says why it was chosen.</summary>
    internal abstract string Merit { get; }

    /// <summary>Why it cannot run these experts; null where it can.</summary>
    internal abstract string? Refusal(in BackendFacts facts);

    /// <summary>[T, D] in the dtype of the hidden states. The call is checked, and T is at least 1.</summary>
    internal abstract Tensor Run(in ExpertsCall call);

    /// <summary>The same from a router's logits; null where it leaves routing to the router, or the call does not fit.</summary>
    internal virtual Tensor? RunRouted(in RoutedCall call) => null;
}
