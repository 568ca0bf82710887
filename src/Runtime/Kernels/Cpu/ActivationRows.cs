namespace Moesaic.Kernels.Cpu;

/// <summary>An activation as the CPU kernel sees it: on a piece of a row in float32.</summary>
internal abstract unsafe class ActivationRows
{
    /// <summary>gate[i] becomes activation(gate[i], up[i]).</summary>
    /// <param name="up">Not read where experts have no gate.</param>
    internal abstract void Apply(float* gate, float* up, int count);

    /// <summary>Those of an activation, the author's own too.</summary>
    internal static ActivationRows Of<TActivation>(TActivation activation)
        where TActivation : struct, IExpertActivation => (object)activation switch
        {
            SwiGlu known => Vectors(known),
            ClampedSwiGlu known => Vectors(known),
            _ => new ScalarActivationRows<TActivation>(activation),
        };

    private static ActivationRows Vectors<TActivation>(TActivation activation)
        where TActivation : struct, IVectorActivation =>
        Lanes512.IsSupported ? new VectorActivationRows<Lanes512, System.Runtime.Intrinsics.Vector512<float>, TActivation>(activation)
        : Lanes256.IsSupported ? new VectorActivationRows<Lanes256, System.Runtime.Intrinsics.Vector256<float>, TActivation>(activation)
        : new ScalarActivationRows<TActivation>(activation);
}
