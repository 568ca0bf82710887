using System.Globalization;

namespace Moesaic.Communication;

/// <summary>The processes that one mpirun started.</summary>
public static class MpiWorld
{
    internal const int FailedCode = 2;

    /// <summary>Whether mpirun started this process, alone or with others.</summary>
    public static bool IsLaunched => LaunchedSize is not null;

    /// <summary>How many processes mpirun started; null where it did not start this one.</summary>
    public static int? LaunchedSize => Read("OMPI_COMM_WORLD_SIZE");

    /// <summary>Which of them this one is, 0 where it is alone.</summary>
    public static int LaunchedRank => Read("OMPI_COMM_WORLD_RANK") ?? 0;

    /// <summary>Joins the others. Once in a process, and disposed by a process that ends well; one that does not must <see cref="Abort"/>.</summary>
    /// <exception cref="CommunicationException">There is no Open MPI, or it does not start.</exception>
    public static ICommunicator Start(CommunicationOptions options)
    {
        var symbols = new MpiSymbols();
        var guard = new HangGuard(options.Timeout, static why => Abort($"rank {LaunchedRank} of {LaunchedSize ?? 1}: {why}"));
        guard.Enter("the start of MPI");
        var code = MpiNative.InitThread(0, 0, MpiNative.ThreadSerialized, out _);
        guard.Leave();
        if (code != 0)
        {
            throw new CommunicationException($"MPI: expected it to start, found error {code}; does mpirun belong to the {MpiNative.Library} of this machine?");
        }

        _ = MpiNative.SetErrorHandler(symbols.World, symbols.ErrorsReturn);
        _ = MpiNative.CommRank(symbols.World, out var rank);
        _ = MpiNative.CommSize(symbols.World, out var size);
        return new MpiCommunicator(symbols, symbols.World, rank, size, "world", options, guard);
    }

    /// <summary>Says in one line why, and ends this process at once; mpirun then ends the others.</summary>
    public static void Abort(string message)
    {
        Console.Error.WriteLine($"moesaic: {message.ReplaceLineEndings(" ")}");
        Console.Error.Flush();
        MpiNative.ExitNow(FailedCode); // Not MPI_Abort, which says the same in six lines, nor exit, which would wait for the others.
    }

    private static int? Read(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
