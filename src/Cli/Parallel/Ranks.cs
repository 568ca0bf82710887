using Moesaic.Communication;

namespace Moesaic.Cli;

/// <summary>This process among those that run one command together; alone, it is the first of one.</summary>
internal sealed class Ranks
{
    private readonly ICommunicator? _world;

    private Ranks(ICommunicator? world, ParallelContext? context) => (_world, Context) = (world, context);

    /// <summary>Null where the process is alone.</summary>
    internal ParallelContext? Context { get; }

    /// <summary>Only the first writes to stdout, and what it finds out while all goes well to stderr.</summary>
    internal bool Speaks => _world is null or { Rank: 0 };

    /// <summary>Joins the others.</summary>
    /// <exception cref="Eplb.EplbException">Experts cannot be balanced so.</exception>
    /// <exception cref="ParallelException">As many processes as the options need were not started.</exception>
    internal static Ranks Join(ParallelLayout options)
    {
        options.Check();
        var started = MpiWorld.LaunchedSize ?? 1;
        if (started != options.World)
        {
            throw new ParallelException(
                options.World == 1
                    ? $"expected one process without --ep, --tp or --dp, found {started} that mpirun started; name what they share, such as --ep {started}"
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

        var world = MpiWorld.Start(CommunicationOptions.FromEnvironment());
        return new(world, new(world, options));
    }

    /// <summary>Ends well, with the others. A process that fails must not: it would wait for them.</summary>
    internal int Leave(int code)
    {
        Context?.Dispose();
        _world?.Dispose();
        return Speaks ? code : Exit.Ok; // The first one's is mpirun's.
    }
}
