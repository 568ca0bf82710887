using System.Net;
using System.Net.Sockets;

namespace Moesaic.Cli.Tests;

/// <summary>Ranks that the environment describes, as torchrun or a loop starts them: what fails before a GPU is needed is said once, and ends all.</summary>
public sealed class LaunchedRanksTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task FailureOfAll_IsToldOnce_ByTheFirst(int others)
    {
        var results = await Launch(1 + others, _ => ["verify", "--model", TestData.Golden("mixtral"), "--device", "cuda", "--ep", "7"]);

        results[0].IsRefused($"expected 7 processes, found {1 + others}");
        Assert.All(results[1..], result => Assert.Equal((2, "", ""), (result.ExitCode, result.Stdout, result.Stderr)));
    }

    [Fact]
    public async Task FailureOfOne_IsToldByTheFirst()
    {
        // The first waits for the other, which never joins: its options are wrong. Here there may be no GPU, which the first then says before it is told.
        var results = await Launch(2, rank => ["verify", "--model", TestData.Golden("mixtral"), "--device", "cuda", "--ep", "2", .. rank == 1 ? ["--dtype", "bogus"] : Array.Empty<string>()]);

        Assert.All(results, result => Assert.Equal((2, ""), (result.ExitCode, result.Stdout)));
        Assert.Single(results.SelectMany(result => result.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public async Task RanksWithoutAPlaceToMeet_SpeakForThemselves()
    {
        var results = await Launch(2, _ => ["verify", "--device", "cuda", "--ep", "7"], address: "");

        results[0].IsRefused("expected 7 processes, found 2");
        results[1].IsRefused("rank 1 of 2: ", "expected 7 processes, found 2");
    }

    private static async Task<ToolResult[]> Launch(int ranks, Func<int, string[]> arguments, string address = "127.0.0.1")
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return await Task.WhenAll(Enumerable.Range(0, ranks).Select(rank => Task.Run(() => Tool.Run(
            new()
            {
                ["RANK"] = $"{rank}",
                ["LOCAL_RANK"] = $"{rank}",
                ["WORLD_SIZE"] = $"{ranks}",
                ["MASTER_ADDR"] = address,
                ["MASTER_PORT"] = $"{port}",
            },
            arguments(rank)))));
    }
}
