using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Moesaic.Communication;

/// <summary>The processes that <c>RANK</c>, <c>WORLD_SIZE</c>, <c>MASTER_ADDR</c> and <c>MASTER_PORT</c> describe: how they meet, and end together.</summary>
internal static class LaunchedRanks
{
    private static RankServer? _server;
    private static RankLink? _link;
    private static int _code = MpiWorld.FailedCode;

    /// <summary>How many there are; null where the environment describes none.</summary>
    internal static int? Size => Number("WORLD_SIZE") is { } size && Number("RANK") is not null ? size : null;

    /// <summary>Which of them this one is.</summary>
    internal static int Rank => Number("RANK") ?? 0;

    /// <summary>Joins the others; to be disposed by a process that ends well.</summary>
    /// <exception cref="CommunicationException">A variable is missing, or the others do not come.</exception>
    internal static IControl Join(CommunicationOptions options)
    {
        var (size, rank, first) = (Required("WORLD_SIZE"), Required("RANK"), First());
        if (rank == 0)
        {
            _server = Serve(first, size);
        }

        _link = RankLink.Join(first, rank, size, options.Timeout, static why => End(why));
        return new LinkedControl(_link, 0, rank, size, "world", options.Timeout) { Missing = _server is { } server ? () => server.Missing : null };
    }

    /// <summary>Leaves the others, when all have come to their end.</summary>
    internal static void Leave(TimeSpan limit)
    {
        _link?.Leave();
        _server?.AwaitAll(limit);
        _link?.Dispose();
        _server?.Dispose();
        (_link, _server) = (null, null);
    }

    /// <summary>Has the first rank say why, in one line, and ends all.</summary>
    internal static void Fail(string why, int code = MpiWorld.FailedCode)
    {
        _code = code;
        if (Rank == 0)
        {
            FailFirst(why);
        }
        else if (!(_link?.TellFailure(why) ?? Tell(why)))
        {
            End(why);
        }

        End(null);
    }

    private static void FailFirst(string why)
    {
        try
        {
            (_server ??= Serve(First(), Size ?? 1)).Fail(why);
            Thread.Sleep(Timeout.Infinite); // Another failure came first, and is ending this process.
        }
        catch (CommunicationException)
        {
            End(why); // There is no place to meet: each speaks for itself.
        }
    }

    private static bool Tell(string why)
    {
        try
        {
            return RankLink.TellFailure(First(), Rank, Size ?? 1, why);
        }
        catch (CommunicationException)
        {
            return false;
        }
    }

    private static RankServer Serve(IPEndPoint first, int size)
    {
        try
        {
            return new(IPAddress.IsLoopback(first.Address) ? new TcpListener(first) : TcpListener.Create(first.Port), size, Say, static () => End(null));
        }
        catch (SocketException e)
        {
            throw new CommunicationException($"MASTER_PORT: expected a free port, found {first.Port}: {e.Message}; choose another", e);
        }
    }

    /// <summary>Where the first rank listens: one port on where torchrun listens itself.</summary>
    private static IPEndPoint First()
    {
        var address = Environment.GetEnvironmentVariable("MASTER_ADDR") is { Length: > 0 } text ? text
            : throw new CommunicationException("MASTER_ADDR: expected the machine of rank 0, found none; set it, or start with mpirun");
        var port = Required("MASTER_PORT") + (Environment.GetEnvironmentVariable("TORCHELASTIC_USE_AGENT_STORE") == "True" ? 1 : 0);
        try
        {
            var found = Dns.GetHostAddresses(address);
            return new(found.FirstOrDefault(static one => one.AddressFamily == AddressFamily.InterNetwork) ?? found[0], port);
        }
        catch (Exception e) when (e is SocketException or ArgumentException or IndexOutOfRangeException)
        {
            throw new CommunicationException($"MASTER_ADDR:MASTER_PORT: expected a machine and a port, found {address}:{port}: {e.Message}; correct the environment", e);
        }
    }

    private static void Say(string why)
    {
        Console.Error.WriteLine($"moesaic: {why.ReplaceLineEndings(" ")}");
        Console.Error.Flush();
    }

    private static void End(string? why)
    {
        if (why is not null)
        {
            Say(why);
        }

        MpiNative.ExitNow(_code); // Not exit, which would wait for ranks that wait for this one.
    }

    private static int Required(string variable) => Number(variable)
        ?? throw new CommunicationException($"{variable}: expected a number, found {Environment.GetEnvironmentVariable(variable) ?? "none"}; set it, or start with mpirun");

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
