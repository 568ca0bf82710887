namespace Moesaic.Kernels.Cpu;

/// <summary>One element after the other, the scalar function inlined.</summary>
internal sealed unsafe class ScalarActivationRows<TActivation>(TActivation activation) : ActivationRows
    where TActivation : struct, IExpertActivation
{
    internal override void Apply(float* gate, float* up, int count)
    {
        var function = activation;
        for (var i = 0; i < count; i++)
        {
            gate[i] = function.Apply(gate[i], TActivation.IsGated ? up[i] : 0);
        }
    }
}
