using System.Collections.Concurrent;
using Moesaic.Native;

namespace Moesaic.Kernels;

/// <summary>A GPU of this process: its kernels, its layers, and the memory that calls share.</summary>
internal sealed class GpuExperts
{
    private static readonly ConcurrentDictionary<int, Lazy<GpuExperts>> Gpus = new();

    private readonly ConcurrentDictionary<(ExpertSizes Sizes, DeviceActivation Activation, LayerPlan Plan, RoutingRule Rule), DeviceExperts> _layers = new();
    private readonly Lock _lock = new();
    private bool? _hasSmallBatch;

    private GpuExperts(int index)
    {
        Device = CudaDevice.Open(index);
        Kernels = new(Device, PtxSources.OfProcess);
        Workspace = new(index);
        Tuner = PlanTuner.IsWanted ? new(PlanFile.OfUser(Device.Name)) : null;
    }

    internal CudaDevice Device { get; }

    /// <summary>Whether there is PTX for <see cref="SmallBatch"/>. Without, libtorch does it.</summary>
    internal bool HasSmallBatch => _hasSmallBatch ??= Device.Capability.Major >= 8 && SmallBatch.Names(Kernels.Target).All(static name => PtxSources.OfProcess.Refusal(name) is null);

    internal KernelLibrary Kernels { get; }

    private CudaWorkspace Workspace { get; }

    private PlanTuner? Tuner { get; }

    /// <summary>The GPU that libtorch numbers so; -1 is its first.</summary>
    /// <exception cref="CudaException">There is none.</exception>
    internal static GpuExperts Of(int index) =>
        Gpus.GetOrAdd(Math.Max(index, 0), static index => new Lazy<GpuExperts>(() => new(index))).Value;

    /// <summary>What a choice depends on; null where there is no GPU that libtorch numbers so.</summary>
    internal static GpuFacts? Facts(int index, DeviceActivation? activation, WeightFormat format)
    {
        try
        {
            var gpu = Of(index);
            var (major, minor) = gpu.Device.Capability;
            return new(major, minor, activation is null ? "a kernel's activation is numbers alone, 64 bytes at most" : gpu.Obstacle(activation, format));
        }
        catch (CudaException)
        {
            return null;
        }
    }

    private string? Obstacle(DeviceActivation activation, WeightFormat format) => Device.Capability.Major < 8
        ? null
        : PtxSources.OfProcess.Refusal(StreamPlan.GateUpName(activation.Type, StreamTiles.Of(format).Decode, Kernels.Target, format));

    /// <summary>Queues a layer on the stream that libtorch launches on now. The host waits for nothing.</summary>
    /// <param name="call">But for its workspace.</param>
    /// <exception cref="CudaException">A kernel is missing, or the driver refused one.</exception>
    internal void Run(in StreamCall call, in ExpertSizes sizes, WeightFormat format, DeviceActivation activation, RoutingRule rule)
    {
        Device.MakeCurrent();
        var stream = Device.TorchStream();

        // What two threads queue on one stream must not be mixed: they share the workspace.
        lock (_lock)
        {
            using var memory = Workspace.Take(new StreamWorkspace(0, sizes, call.Tokens).Bytes, stream);
            var placed = call with { Workspace = memory.Address };
            Layer(Plan(placed, sizes, format, activation, rule, stream), sizes, activation, rule).Run(placed, stream);
        }
    }

    private LayerPlan Plan(StreamCall call, ExpertSizes sizes, WeightFormat format, DeviceActivation activation, RoutingRule rule, nint stream)
    {
        if (Tuner is null)
        {
            return CudaPlans.For(Device.Capability, sizes, activation.IsGated, call.Tokens, format);
        }

        var key = PlanKey.Of(sizes, activation.IsGated, format, call.Tokens);
        return Tuner.Find(key) ?? Measure(Tuner, key, call, activation, rule, stream);
    }

    private LayerPlan Measure(PlanTuner tuner, PlanKey key, StreamCall call, DeviceActivation activation, RoutingRule rule, nint stream) => tuner.Choose(
        key,
        () => CudaPlans.Near(Device.Capability, key.Sizes, key.IsGated, call.Tokens, key.Format),
        CudaDevice.IsCapturing(stream) ? null : plan => PlanTimer.Time(stream, () => Layer(plan, key.Sizes, activation, rule).Run(call, stream)));

    private DeviceExperts Layer(LayerPlan plan, in ExpertSizes sizes, DeviceActivation activation, RoutingRule rule) =>
        _layers.GetOrAdd((sizes, activation, plan, rule), static (key, kernels) => key.Plan.Load(kernels, key.Sizes, key.Activation, key.Rule), Kernels);
}
