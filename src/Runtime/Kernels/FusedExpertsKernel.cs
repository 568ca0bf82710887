using Moesaic.Kernels;
using Moesaic.Kernels.Cpu;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Kernels of our own, those of the device.</summary>
internal sealed class FusedExpertsKernel(ExpertsKernel cpu, ExpertsKernel cuda) : ExpertsKernel
{
    internal FusedExpertsKernel()
        : this(new FusedCpuExperts(static dtype => Crossovers.For(dtype).Rows), new FusedCudaExperts())
    {
    }

    internal override ExpertsBackend Backend => ExpertsBackend.Fused;

    internal override string Merit => cpu.Merit;

    internal override string? Refusal(in BackendFacts facts) => Of(facts.Device).Refusal(facts);

    internal override Tensor Run(in ExpertsCall call) => Of(call.HiddenStates.device_type).Run(call);

    internal override Tensor? RunRouted(in RoutedCall call) => Of(call.HiddenStates.device_type).RunRouted(call);

    private ExpertsKernel Of(DeviceType device) => device == DeviceType.CUDA ? cuda : cpu;
}
