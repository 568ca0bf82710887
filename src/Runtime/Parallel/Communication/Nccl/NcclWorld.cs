using System.Globalization;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Moesaic.Communication;

/// <summary>Processes that have a GPU each: those of one mpirun, or those that a launcher such as torchrun describes in the environment.</summary>
public static class NcclWorld
{
    /// <summary>How many processes the environment describes, by <c>WORLD_SIZE</c> and <c>RANK</c>; null where it describes none.</summary>
    public static int? LaunchedSize => LaunchedRanks.Size;

    /// <summary>Which of them this one is.</summary>
    public static int LaunchedRank => LaunchedRanks.Rank;

    /// <summary>The GPU of this process: its place among those of its machine, or, where no launcher says it, ranks dealt to <paramref name="gpus"/> in turns.</summary>
    /// <exception cref="CommunicationException">The machine has fewer GPUs.</exception>
    public static int LocalGpu(int gpus)
    {
        var local = Number("OMPI_COMM_WORLD_LOCAL_RANK") ?? Number("LOCAL_RANK") ?? LaunchedRank % gpus;
        return local < gpus ? local : throw new CommunicationException($"local rank {local}: expected a GPU for each rank of a machine, found {gpus}; start fewer ranks here");
    }

    /// <summary>Joins the processes of an MPI world, over which they find each other and compare calls. Disposes it with itself.</summary>
    /// <param name="device">This process's GPU.</param>
    /// <exception cref="CommunicationException">There is no NCCL, or ranks cannot join.</exception>
    public static ICommunicator Start(ICommunicator mpi, Device device, CommunicationOptions options) =>
        Start((IControl)mpi, mpi.Rank, mpi.Size, new(device, options, why => MpiWorld.Abort($"rank {mpi.Rank} of {mpi.Size}: {why}")), options);

    /// <summary>Joins the processes that <c>RANK</c>, <c>WORLD_SIZE</c>, <c>MASTER_ADDR</c> and <c>MASTER_PORT</c> describe.</summary>
    /// <exception cref="CommunicationException">A variable is missing, there is no NCCL, or ranks cannot join.</exception>
    public static ICommunicator StartFromEnvironment(Device device, CommunicationOptions options)
    {
        var control = LaunchedRanks.Join(options);
        var (rank, size) = (LaunchedRank, LaunchedSize!.Value);
        var process = new NcclProcess(device, options, why => Abort($"rank {rank} of {size}: {why}"), () => LaunchedRanks.Leave(options.Timeout));
        return Start(control, rank, size, process, options);
    }

    /// <summary>Has the first of the ranks that the environment describes say in one line why, and ends all of them, this one at once.</summary>
    /// <param name="code">This process's exit code.</param>
    public static void Abort(string message, int code = MpiWorld.FailedCode) => LaunchedRanks.Fail(message, code);

    /// <summary>One rank that calls NCCL all the same, for tests on a machine with one GPU.</summary>
    internal static ICommunicator StartAlone(Device device, CommunicationOptions options) =>
        NcclCommunicator.Join(NewId(), 0, 1, options, new(device, options, MpiWorld.Abort), control: null, callsAlone: true);

    /// <summary>Why NCCL cannot be used here; null where it can.</summary>
    public static string? WhyNot()
    {
        try
        {
            Libtorch.Cuda();
            return NcclNative.GetVersion(out _) == 0 ? null : "NCCL does not say its version";
        }
        catch (Exception e) when (e is LibtorchException or DllNotFoundException or EntryPointNotFoundException)
        {
            return e is LibtorchException ? e.Message : $"no {NcclNative.Library}";
        }
    }

    private static NcclCommunicator Start(IControl control, int rank, int size, NcclProcess process, CommunicationOptions options)
    {
        var id = rank == 0 ? NewId() : default;
        var all = new long[NcclUniqueId.Length / sizeof(long) * size];
        control.Gather(MemoryMarshal.Cast<NcclUniqueId, long>(new ReadOnlySpan<NcclUniqueId>(in id)), all);
        return NcclCommunicator.Join(MemoryMarshal.Cast<long, NcclUniqueId>(all)[0], rank, size, options, process, control);
    }

    private static unsafe NcclUniqueId NewId()
    {
        var id = default(NcclUniqueId);
        try
        {
            NcclCommunicator.Check(NcclNative.GetUniqueId(&id), 0, "an id of the ranks");
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new CommunicationException($"NCCL: expected {NcclNative.Library}, found none; it comes with a torch for CUDA and with NVIDIA's packages", e);
        }

        return id;
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
