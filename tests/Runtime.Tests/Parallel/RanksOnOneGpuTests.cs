using Moesaic.Communication;
using Moesaic.Eplb;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Tests.Communication;

/// <summary>Ranks that are threads and share a GPU: what the kernels make of a rank's part of the experts, in every cut, is what they make of the whole.</summary>
public sealed class RanksOnOneGpuTests
{
    // E experts, K a token, D hidden, F wide: sizes that the kernels take, also cut in two.
    private const int E = 16;
    private const int K = 4;
    private const int D = 256;
    private const int F = 128;

    private static readonly ParallelLayout[] Layouts =
    [
        new() { Expert = 2 },
        new() { Expert = 3, Placement = PlacementStrategy.RoundRobin },
        new() { Tensor = 2 },
        new() { Tensor = 2, Expert = 2 },
        new() { Data = 2, Dispatch = ExpertDispatch.AllGather },
        new() { Data = 2, Expert = 2, Dispatch = ExpertDispatch.AllToAll },
        new() { Data = 2, Tensor = 2, Dispatch = ExpertDispatch.AllToAll },
        new() { Expert = 4, Balancing = new() { RedundantExperts = 4, Interval = 2, Window = 2 } },
    ];

    [CudaFact]
    public void Calls_GiveWhatTheyPromise() => ThreadWorld.Run(4, CommunicatorContract.Check, device: Libtorch.Cuda());

    [CudaFact]
    public void Float32_IsTheWholeBlock() => Assert.Contains(ExpertsBackend.Grouped, CheckAll(Libtorch.Cuda(), float32, 1e-5));

    [CudaFact]
    public void Bfloat16_IsTheWholeBlock() => Assert.Contains(ExpertsBackend.Grouped, CheckAll(Libtorch.Cuda(), bfloat16, 1e-2)); // Fused too, where PTX lies beside the tests.

    [Fact]
    public void OnTheCpu_TheSame() => Assert.Contains(ExpertsBackend.Fused, CheckAll(CPU, float32, 1e-5));

    /// <returns>The backends that could run, and gave the whole block's numbers.</returns>
    internal static IReadOnlyList<ExpertsBackend> CheckAll(Device device, ScalarType dtype, double tolerance)
    {
        using var whole = new FusedExperts<SwiGlu>(E, D, F);
        RandomWeights.Fill(whole, seed: 3, dtype, deviation: 0.1);
        whole.to(device);
        List<ExpertsBackend> backends = [.. ((ExpertsBackend[])[ExpertsBackend.Eager, ExpertsBackend.Grouped, ExpertsBackend.Fused]).Where(backend =>
        {
            whole.Backend = backend;
            return whole.Choice.Backend == backend;
        })];
        foreach (var layout in Layouts)
        {
            foreach (var backend in backends)
            {
                ThreadWorld.Run(layout.World, world => Check(whole, layout, world, backend, tolerance), device: device);
            }
        }

        return backends;
    }

    private static void Check(FusedExperts<SwiGlu> whole, ParallelLayout layout, ICommunicator world, ExpertsBackend backend, double tolerance)
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        using var context = new ParallelContext(world, layout);
        using var part = new FusedExperts<SwiGlu>(E, D, F);
        part.Parallelize(context, "experts");
        foreach (var (mine, all) in part.Parameters.Zip(whole.Parameters))
        {
            part.Replace(mine, (mine.Cut is { } cut ? cut.Of(all.Value) : all.Value).clone().DetachFromDisposeScope());
        }

        part.NoteDevice(world.Device);
        part.Backend = backend;
        Assert.True(part.Choice.Backend == backend, $"{backend} does not run: {part.Choice.Reason}");
        using var balancer = layout.Balancing is { } options
            ? new ExpertBalancer([new(part.Ranks!.Slots(world.Device), 1, () => part.SlotTensors, part.HoldExperts)], options, context.Experts, !context.UsesAllToAll)
            : null;
        foreach (var count in (int[])[1, 5, 130, 0, 33])
        {
            var own = new Random((count * 31) + context.DataRank); // Ranks with the same tokens draw the same.
            var tokens = context.DataRank == 0 ? count : count / 2;
            var x = Numbers(own, tokens, D, -1).to(whole.W2.dtype).to(world.Device);
            var weights = Numbers(own, tokens, K, 0).to(world.Device);
            var ids = tensor([.. Enumerable.Range(0, tokens).SelectMany(_ => ParallelExpertsTests.Distinct(own, E, K))], [tokens, K], dtype: int32).to(world.Device);

            var found = part.Forward(x, ids, weights);
            balancer?.Step();

            var expected = Reference(whole, x, ids, weights);
            Assert.Equal(expected.shape, found.shape);
            var error = tokens == 0 ? 0 : ((found.to(float64) - expected).norm() / expected.norm()).cpu().item<double>();
            Assert.True(error <= tolerance, $"{layout}, {layout.Dispatch}, {backend}, {tokens} tokens: relative error {error:G3}");
        }
    }

    /// <summary>Σ_k weight_k · expert_k(x), in float64.</summary>
    private static Tensor Reference(FusedExperts<SwiGlu> whole, Tensor x, Tensor ids, Tensor weights)
    {
        var wide = x.to(float64);
        var sum = zeros_like(wide);
        for (var expert = 0; expert < E; expert++)
        {
            var weight = weights.to(float64).mul(ids.eq(expert)).sum(1, keepdim: true); // [T, 1]
            var rows = wide.mm(whole.W13[expert].to(float64).t()); // [T, 2F]
            var hidden = rows.narrow(1, 0, F).silu() * rows.narrow(1, F, F);
            sum += hidden.mm(whole.W2[expert].to(float64).t()) * weight;
        }

        return sum;
    }

    private static Tensor Numbers(Random random, int rows, int columns, float least) =>
        tensor([.. Enumerable.Range(0, rows * columns).Select(_ => least + ((float)random.NextDouble() * (1 - least)))], [rows, columns]);
}
