namespace Moesaic;

/// <summary>The sizes of a Mixture-of-Experts block.</summary>
public interface IMoeConfig
{
    /// <summary>Width of the residual stream, D.</summary>
    int HiddenSize { get; }

    /// <summary>Routed experts, E.</summary>
    int NumExperts { get; }

    /// <summary>Experts per token, K.</summary>
    int TopK { get; }

    /// <summary>Width of one expert, F.</summary>
    int MoeIntermediateSize { get; }

    /// <summary>Groups of consecutive experts that a router limits tokens to, G; 1 where it knows none.</summary>
    int NumExpertGroups => 1;
}
