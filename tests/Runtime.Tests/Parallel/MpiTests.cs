namespace Moesaic.Tests.Communication;

/// <summary>The MPI backend: processes of one mpirun, each a <see cref="RankProgram"/>.</summary>
public sealed class MpiTests
{
    private static readonly string Program = typeof(RankProgram).Assembly.Location;

    [MpiTheory]
    [InlineData(1)]
    [InlineData(4)]
    public void Calls_GiveWhatTheyPromise(int ranks)
    {
        var result = Mpi.Run(ranks, Program, "contract");

        Assert.Equal(("", 0), (result.Stderr, result.ExitCode));
        Assert.Equal(ranks, result.Stdout.Split('\n').Count(line => line.EndsWith("is content", StringComparison.Ordinal)));
    }

    [MpiFact]
    public void OtherSizes_NameRankAndCall()
    {
        var result = Mpi.Run(3, Program, "disagree");

        Assert.Equal(3, result.Stdout.Split("rank 2 makes call 0, AllReduce of 20 bytes").Length - 1);
        Assert.Equal(0, result.ExitCode);
    }

    [MpiFact]
    public void MessageOfOtherSize_NamesSender() =>
        Assert.Contains("expected a message of 16 bytes from rank 0, found", Mpi.Run(2, Program, "wrong-message").Stdout);

    [MpiFact]
    public void HangingRank_EndsTheOthersInTime()
    {
        var result = Mpi.Run(2, Program, "hang", "600");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("rank 0 of 2: ", result.Stderr);
        Assert.Contains("waited 10 s for the other ranks", result.Stderr);
    }
}
