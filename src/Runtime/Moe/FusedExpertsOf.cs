using static TorchSharp.torch;

namespace Moesaic;

/// <summary>The routed experts of a block with their activation.</summary>
/// <typeparam name="TActivation">What an expert does between its projections.</typeparam>
public sealed class FusedExperts<TActivation> : FusedExperts
    where TActivation : struct, IExpertActivation
{
    private readonly TActivation _activation;
    private readonly int _intermediateSize;

    /// <summary>Experts without values.</summary>
    /// <param name="numExperts">E.</param>
    /// <param name="hiddenSize">D.</param>
    /// <param name="intermediateSize">F.</param>
    /// <param name="activation">One that has numbers must be given: the default of a struct has zeros.</param>
    /// <param name="bias">Both projections have a bias.</param>
    public FusedExperts(int numExperts, int hiddenSize, int intermediateSize, TActivation activation = default, bool bias = false)
        : base(numExperts, hiddenSize, intermediateSize, TActivation.IsGated, bias)
    {
        _activation = activation;
        _intermediateSize = intermediateSize;
        ActivationName = activation.Name;
    }

    /// <inheritdoc/>
    public override string ActivationName { get; }

    private protected override Tensor Activate(Tensor w13Rows)
    {
        if (!TActivation.IsGated)
        {
            return _activation.Apply(w13Rows, w13Rows);
        }

        using var gate = w13Rows.narrow(1, 0, _intermediateSize);                  // [R, F]
        using var up = w13Rows.narrow(1, _intermediateSize, _intermediateSize);    // [R, F]
        return _activation.Apply(gate, up);
    }
}
