using Moesaic.Communication;
using Moesaic.Eplb;
using static TorchSharp.torch;

namespace Moesaic.Cli.Benchmarks;

/// <summary>Checks and times what ranks do together to tokens of a layer.</summary>
internal static class RanksBenchmark
{
    private const int Inputs = 4;
    private const int FewestRounds = 5;
    private const int MostRounds = 200;

    internal static IEnumerable<RankMeasurement> Run(RankLayer layer, IReadOnlyList<RankCandidate> candidates, IEnumerable<int> batches, double seconds)
    {
        using var inference = inference_mode();
        using var balancer = Balancer(layer);
        foreach (var tokens in batches)
        {
            foreach (var candidate in candidates)
            {
                var error = candidate.Check(layer, tokens);
                var inputs = Enumerable.Range(0, Inputs).Select(_ => layer.Draw(tokens)).ToArray();
                try
                {
                    yield return Measure(layer, candidate, inputs, tokens, seconds / candidates.Count, balancer) with { RelativeError = error };
                }
                finally
                {
                    Array.ForEach(inputs, static input => input.Dispose());
                }
            }
        }
    }

    private static RankMeasurement Measure(RankLayer layer, RankCandidate candidate, RoutedTokens[] inputs, int tokens, double seconds, ExpertBalancer? balancer)
    {
        var world = layer.Context.World;
        var first = inputs.Max(input => Seconds(world, () => candidate.Run(input).Dispose())); // Warms up, and says how long a round takes: on every rank the same.
        var rounds = Math.Clamp((int)(seconds / first), FewestRounds, MostRounds);
        var (bytes, messages) = Sent(layer.Context);
        var times = new double[rounds];
        for (var round = 0; round < rounds; round++)
        {
            var input = inputs[round % inputs.Length];
            times[round] = Seconds(world, () => candidate.Run(input).Dispose());
            balancer?.Step();
        }

        var (bytesAfter, messagesAfter) = Sent(layer.Context);
        return new(
            tokens,
            candidate.Name,
            1e3 * times.Order().ElementAt(rounds / 2),
            Mean(world, bytesAfter - bytes) / rounds,
            Mean(world, messagesAfter - messages) / rounds,
            0);
    }

    /// <summary>How long the slowest rank took.</summary>
    private static double Seconds(ICommunicator world, Action action)
    {
        world.Barrier();
        var own = LayerTimer.Seconds(world.Device, action);
        return 1e-9 * world.GatherCounts((long)(own * 1e9), world.Device).Max();
    }

    private static double Mean(ICommunicator world, long number) => world.GatherCounts(number, world.Device).Average();

    /// <summary>Bytes and messages through the groups that a layer uses.</summary>
    private static (long Bytes, long Messages) Sent(ParallelContext context)
    {
        CommunicationCounters[] counters = [.. new[] { context.Experts, context.Data, context.Sequence, context.Block, context.Tensor }.Select(static group => group.Counters)];
        return (counters.Sum(static one => one.TotalBytes), counters.Sum(static one => one.TotalMessages));
    }

    private static ExpertBalancer? Balancer(RankLayer layer)
    {
        var experts = layer.Experts;
        return layer.Context.Layout.Balancing is { } options
            ? new([new(experts.Ranks!.Slots(layer.Device), 1, () => experts.SlotTensors, experts.HoldExperts)], options, layer.Context.Experts, !layer.Context.UsesAllToAll)
            : null;
    }
}
