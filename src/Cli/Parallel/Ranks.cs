using Moesaic.Communication;

namespace Moesaic.Cli;

/// <summary>This process among those that run one command together; alone, it is the first of one.</summary>
internal sealed class Ranks
{
    private readonly ICommunicator? _world;

    private Ranks(ICommunicator? world, ParallelContext? context) => (_world, Context) = (world, context);

    /// <summary>How many processes were started together: by mpirun, or for GPUs by what sets WORLD_SIZE and RANK.</summary>
    internal static int Started => MpiWorld.LaunchedSize ?? NcclWorld.LaunchedSize ?? 1;

    /// <summary>Which of them this one is.</summary>
    internal static int StartedAs => MpiWorld.IsLaunched ? MpiWorld.LaunchedRank : NcclWorld.LaunchedRank;

    /// <summary>Null where the process is alone.</summary>
    internal ParallelContext? Context { get; }

    /// <summary>Only the first writes to stdout, and what it finds out while all goes well to stderr.</summary>
    internal bool Speaks => _world is null or { Rank: 0 };

    /// <summary>Joins the others.</summary>
    /// <exception cref="Eplb.EplbException">Experts cannot be balanced so.</exception>
    /// <exception cref="ParallelException">As many processes as the options need were not started.</exception>
    /// <param name="onGpus">Each process has a GPU, and NCCL carries the tensors.</param>
    internal static Ranks Join(ParallelLayout options, bool onGpus)
    {
        options.Check();
        var started = onGpus ? Started : MpiWorld.LaunchedSize ?? 1;
        if (started != options.World)
        {
            throw new ParallelException(
                options.World == 1
                    ? $"expected one process without --ep, --tp or --dp, found {started} that were started together; name what they share, such as --ep {started}"
                    : $"{options}: expected {options.World} processes, found {started}; start them with mpirun -n {options.World} moesaic …");
        }

        if (options.World == 1)
        {
            return new(null, null);
        }

        if (options.Balancing is not null)
        {
            BalancingLines.Show();
        }

        var world = Start(onGpus, CommunicationOptions.FromEnvironment());
        return new(world, new(world, options));
    }

    /// <summary>What to load, as this rank loads it: its part, onto its GPU.</summary>
    internal LoadOptions Load(LoadOptions options) => Context is null ? options : options with
    {
        Parallel = Context,
        Device = Context.World.Device,
        Progress = Speaks ? options.Progress : null,
    };

    /// <summary>Says, once, what is whole on every rank though matrices are shared.</summary>
    internal void Explain()
    {
        if (Speaks && Context is { Notes: [var first, ..] notes })
        {
            Console.Error.WriteLine(notes.Count == 1 ? first : $"{first}; so are {notes.Count - 1} more");
        }
    }

    private static ICommunicator Start(bool onGpus, CommunicationOptions options)
    {
        if (!onGpus)
        {
            return MpiWorld.Start(options);
        }

        _ = Libtorch.Cuda(); // Where there is none, that is the first thing to say.
        var device = new TorchSharp.torch.Device(TorchSharp.DeviceType.CUDA, NcclWorld.LocalGpu(TorchSharp.torch.cuda.device_count()));
        return MpiWorld.IsLaunched ? NcclWorld.Start(MpiWorld.Start(options), device, options) : NcclWorld.StartFromEnvironment(device, options);
    }

    /// <summary>Ends well, with the others. A process that fails must not: it would wait for them.</summary>
    internal int Leave(int code)
    {
        Context?.Dispose();
        _world?.Dispose();
        return Speaks ? code : Exit.Ok; // The first one's is mpirun's.
    }
}
