using Moesaic.Communication;
using Moesaic.Eplb;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Models.Tests;

/// <summary>Experts that are dealt anew while a model serves: every slot is its expert bit for bit, and the model computes what it does alone.</summary>
public sealed class BalancedExpertsTests
{
    private const int Passes = 12;

    /// <summary>Checkpoints with a tensor for each expert, stacked ones, transposed and interleaved ones, with biases, and those that stay quantized.</summary>
    public static TheoryData<string, ParallelLayout> Cases()
    {
        var balancing = new EplbOptions { RedundantExperts = 4, Interval = 3, Window = 3, LogInterval = 2 };
        var four = new ParallelLayout { Expert = 4, Balancing = balancing };
        var cases = new TheoryData<string, ParallelLayout>();
        string[] layouts = ["mixtral", "qwen2_moe", "deepseek_v3", "deepseek_v3_fp8", "gpt_oss", "gpt_oss_mxfp4", "granitemoeshared", "aria_text", "llama4_text"];
        foreach (var name in layouts)
        {
            cases.Add(name, four);
        }

        cases.Add("deepseek_v3", four with { Balancing = balancing with { NumNodes = 2, LayersPerStep = 2 } });
        cases.Add("gpt_oss", new() { Expert = 2, Tensor = 2, Balancing = balancing });
        cases.Add("gpt_oss_mxfp4", new() { Expert = 2, Tensor = 2, Balancing = balancing });
        cases.Add("mixtral", new() { Expert = 2, Data = 2, Balancing = balancing });
        cases.Add("mixtral", new() { Expert = 2, Data = 2, Balancing = balancing, Dispatch = ExpertDispatch.AllToAll });
        cases.Add("granitemoeshared", four with { Dispatch = ExpertDispatch.AllToAll });
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void SlotsAndLogits_StayThoseOfTheWholeModel(string name, ParallelLayout layout)
    {
        ModelRegistry.AddFrom(typeof(ModelsAssembly).Assembly);
        using var cores = new OneCore();
        using var whole = Load(name, null);
        var expected = Run(whole.Network, layout.Data);

        ThreadWorld.Run(layout.World, world =>
        {
            using var inference = inference_mode();
            using var context = new ParallelContext(world, layout);
            using var model = Load(name, context);
            var first = Maps(model.Network);
            Check(model.Network, whole.Network);
            foreach (var (ids, logits) in expected[context.DataRank])
            {
                using var scope = NewDisposeScope();
                var found = model.Network.forward(ids);

                Assert.InRange((found - logits).abs().max().item<float>(), 0, 1e-4f);
                Check(model.Network, whole.Network);
            }

            Assert.Equal(Passes / 3, context.Balancer!.Rebalances);
            Assert.NotEqual(first, Maps(model.Network));
        });

        foreach (var (ids, logits) in expected.SelectMany(static passes => passes))
        {
            ids.Dispose();
            logits.Dispose();
        }
    }

    /// <summary>In float32; weights that the checkpoint keeps quantized stay so.</summary>
    private static PretrainedModel Load(string name, ParallelContext? context)
    {
        var isQuantized = name.EndsWith("fp8", StringComparison.Ordinal) || name.EndsWith("mxfp4", StringComparison.Ordinal);
        var model = PretrainedModel.Load(TestData.Golden(name), new() { Dtype = isQuantized ? null : float32, Parallel = context });
        model.Network.to(float32);
        return model;
    }

    /// <summary>What the whole model computes, for tokens of each data rank.</summary>
    private static List<(Tensor Ids, Tensor Logits)>[] Run(CausalLm network, int dataRanks)
    {
        using var inference = inference_mode();
        var random = new Random(11);
        return [.. Enumerable.Range(0, dataRanks).Select(_ => Enumerable.Range(0, Passes).Select(pass =>
        {
            var (rows, length) = (random.Next(1, 4), random.Next(1, 8));
            long[] tokens = [.. Enumerable.Range(0, rows * length).Select(_ => (long)random.Next(pass % 2 == 0 ? 4 : 100))];
            var ids = tensor(tokens, [rows, length]);
            return (ids, network.forward(ids));
        }).ToList())];
    }

    private static void Check(CausalLm part, CausalLm whole)
    {
        var wholes = whole.modules().OfType<FusedExperts>();
        foreach (var (own, all) in part.modules().OfType<FusedExperts>().Zip(wholes))
        {
            var (first, count) = own.Ranks!.Own;
            for (var slot = 0; slot < count; slot++)
            {
                using var scope = NewDisposeScope();
                var expert = own.Ranks.Map.PhysicalToLogical[first + slot];
                foreach (var (parameter, source) in own.Parameters.Zip(all.Parameters))
                {
                    var expected = (parameter.Cut! with { Experts = null }).Of(Expert(source, expert).unsqueeze(0)).squeeze(0);
                    Assert.True(expected.equal(Expert(parameter, slot)).all().item<bool>(), $"{parameter.Name}: slot {first + slot} is not expert {expert}");
                }
            }
        }
    }

    private static Tensor Expert(ParameterRegistration parameter, int index) => parameter.Quantized?.Expert(index, float32) ?? parameter.Value[index];

    private static List<string> Maps(CausalLm network) => [.. network.modules().OfType<FusedExperts>().Select(experts => $"{experts.Ranks!.Map}")];

    /// <summary>Ranks are threads already: libtorch's own, for each of them, would only wait for each other.</summary>
    private sealed class OneCore : IDisposable
    {
        private readonly int _threads = get_num_threads();

        internal OneCore() => set_num_threads(1);

        public void Dispose() => set_num_threads(_threads);
    }
}
