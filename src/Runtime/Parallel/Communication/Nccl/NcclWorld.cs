using System.Globalization;
using static TorchSharp.torch;

namespace Moesaic.Communication;

/// <summary>Processes that have a GPU each: those of one mpirun, or those that a launcher such as torchrun describes in the environment.</summary>
public static class NcclWorld
{
    /// <summary>How many processes the environment describes, by <c>WORLD_SIZE</c> and <c>RANK</c>; null where it describes none.</summary>
    public static int? LaunchedSize => Number("WORLD_SIZE") is { } size && Number("RANK") is not null ? size : null;

    /// <summary>Which of them this one is.</summary>
    public static int LaunchedRank => Number("RANK") ?? 0;

    /// <summary>The GPU of this process: its place among those of its machine.</summary>
    public static int LocalRank => Number("OMPI_COMM_WORLD_LOCAL_RANK") ?? Number("LOCAL_RANK") ?? 0;

    /// <summary>Joins the processes of an MPI world, over which they find each other and compare calls. Disposes it with itself.</summary>
    /// <param name="device">This process's GPU.</param>
    /// <exception cref="CommunicationException">There is no NCCL, or ranks cannot join.</exception>
    public static unsafe ICommunicator Start(ICommunicator mpi, Device device, CommunicationOptions options)
    {
        using var bytes = zeros(NcclUniqueId.Length, dtype: ScalarType.Byte);
        var id = mpi.Rank == 0 ? NewId() : default;
        new ReadOnlySpan<byte>(id.Bytes, NcclUniqueId.Length).CopyTo(bytes.bytes);
        mpi.Broadcast(bytes, 0);
        bytes.bytes.CopyTo(new Span<byte>(id.Bytes, NcclUniqueId.Length));
        return NcclCommunicator.Join(id, mpi.Rank, mpi.Size, device, options, mpi);
    }

    /// <summary>Joins the processes that <c>RANK</c>, <c>WORLD_SIZE</c>, <c>MASTER_ADDR</c> and <c>MASTER_PORT</c> describe.</summary>
    /// <exception cref="CommunicationException">A variable is missing, there is no NCCL, or ranks cannot join.</exception>
    public static ICommunicator StartFromEnvironment(Device device, CommunicationOptions options)
    {
        var (size, rank) = (Required("WORLD_SIZE"), Required("RANK"));
        if (size > 1)
        {
            var address = Environment.GetEnvironmentVariable("MASTER_ADDR")
                ?? throw new CommunicationException("MASTER_ADDR: expected the machine of rank 0, found none; set it, or start with mpirun");
            _ = NcclNative.SetEnvironment("NCCL_COMM_ID", $"{address}:{Required("MASTER_PORT")}", 1); // NCCL's own way to meet without a message.
        }

        return NcclCommunicator.Join(NewId(), rank, size, device, options, control: null);
    }

    /// <summary>One rank that calls NCCL all the same, for tests on a machine with one GPU.</summary>
    internal static ICommunicator StartAlone(Device device, CommunicationOptions options) =>
        NcclCommunicator.Join(NewId(), 0, 1, device, options, control: null, callsAlone: true);

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

    private static int Required(string variable) => Number(variable)
        ?? throw new CommunicationException($"{variable}: expected a number, found {Environment.GetEnvironmentVariable(variable) ?? "none"}; set it, or start with mpirun");

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
