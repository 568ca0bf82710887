using System.Globalization;
using Moesaic.Communication;
using Moesaic.Eplb;
using static TorchSharp.torch;

namespace Moesaic.Tests.Communication;

/// <summary>What a layer of DeepSeek-V3's sizes sends on 8, 16 and 64 ranks, counted by communicators of as many threads: the table of docs/parallel.md.</summary>
public sealed class ScalingTableTests
{
    // The bytes depend on hidden size, experts and top-k alone: the experts' width is one that a test can compute.
    private const int Hidden = 7168;
    private const int Experts = 256;
    private const int TopK = 8;
    private const int Width = 2;
    private const int Tokens = 4; // Of each data rank.

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(64)]
    public void Table_IsTheCounters(int ranks)
    {
        var page = File.ReadAllLines(Path.Combine(TestData.Root, "docs", "parallel.md"));

        Assert.Contains(Row(ranks, "all-to-all", new() { Data = ranks, Dispatch = ExpertDispatch.AllToAll }), page);
        Assert.Contains(Row(ranks, "all-gather", new() { Data = ranks, Dispatch = ExpertDispatch.AllGather }), page);
        Assert.Contains(Row(ranks, "one reduction", new() { Expert = ranks }), page);
    }

    /// <summary>KB a token and messages a rank, of all groups, the comparison of calls left out.</summary>
    private static string Row(int ranks, string way, ParallelLayout layout)
    {
        var counters = ThreadWorld.Run(ranks, world =>
        {
            using var scope = NewDisposeScope();
            using var inference = inference_mode();
            using var context = new ParallelContext(world, layout);
            using var experts = new FusedExperts<SwiGlu>(Experts, Hidden, Width);
            experts.Parallelize(context, "experts", ExpertPlacement.Of(Experts, ranks, PlacementStrategy.Linear));
            RandomWeights.Fill(experts, 1, bfloat16);
            ICommunicator[] groups = [context.Tensor, context.Sequence, context.Block, context.Data, context.Experts];
            foreach (var group in groups)
            {
                group.Counters.Reset();
            }

            var random = new Random(context.DataRank);
            var ids = Enumerable.Range(0, Tokens).SelectMany(_ => Choice(random)).ToArray();
            experts.Forward(zeros(Tokens, Hidden, bfloat16), tensor(ids, [Tokens, TopK], dtype: int32), ones(Tokens, TopK));
            return (Bytes: groups.Sum(group => group.Counters.TotalBytes), Messages: groups.Sum(group => group.Counters.TotalMessages));
        }, new() { Timeout = TimeSpan.FromMinutes(2), ComparesCalls = false });
        var tokens = Tokens * layout.Data;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {ranks} | {way} | {counters.Sum(c => c.Bytes) / 1024.0 / tokens:F1} | {counters.Average(c => c.Messages):F0} |");
    }

    private static int[] Choice(Random random)
    {
        int[] all = [.. Enumerable.Range(0, Experts)];
        random.Shuffle(all);
        return all[..TopK];
    }
}
