namespace Moesaic.Kernels.Cpu;

/// <summary>A vector after the other; the rest, shorter than one, with the scalar function.</summary>
internal sealed unsafe class VectorActivationRows<TLanes, TVector, TActivation>(TActivation activation) : ActivationRows
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
    where TActivation : struct, IVectorActivation
{
    internal override void Apply(float* gate, float* up, int count)
    {
        var function = activation;
        var lanes = sizeof(TVector) / sizeof(float);
        var i = 0;
        for (; i + lanes <= count; i += lanes)
        {
            TLanes.Store(function.Apply<TLanes, TVector>(TLanes.Load(gate + i), TLanes.Load(up + i)), gate + i);
        }

        for (; i < count; i++)
        {
            gate[i] = function.Apply(gate[i], up[i]);
        }
    }
}
