namespace Moesaic;

/// <summary>The routed experts of a block with their activation.</summary>
/// <typeparam name="TActivation">What an expert does between its projections.</typeparam>
/// <param name="numExperts">E.</param>
/// <param name="hiddenSize">D.</param>
/// <param name="intermediateSize">F.</param>
/// <param name="activation">One that has numbers must be given: the default of a struct has zeros.</param>
/// <param name="bias">Both projections have a bias.</param>
public sealed class FusedExperts<TActivation>(int numExperts, int hiddenSize, int intermediateSize, TActivation activation = default, bool bias = false)
    : FusedExperts(numExperts, hiddenSize, intermediateSize, KnownActivations.Function(activation), bias)
    where TActivation : struct, IExpertActivation;
