using Moesaic.Generation;
using static TorchSharp.torch;

namespace Moesaic.Models.Tests;

/// <summary>Steps of fixed shapes, as a GPU records them, against ordinary passes: every architecture, token by token.</summary>
public sealed class DecodeStepsTests
{
    private const int Steps = 6;

    public static TheoryData<string> Declared() => [.. GoldenCases.Declared];

    [Theory]
    [MemberData(nameof(Declared))]
    public void Step_EqualsAnOrdinaryPass(string name)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        using var model = PretrainedModel.Load(TestData.Golden(name), new() { Dtype = float32, Experts = ExpertsBackend.Grouped });
        long[] prompt = [5, 17, 42, 99, 3, 61, 28, 110, 7, 23, 77, 1, 2, 90, 34, 8, 51, 6];
        var network = model.Network;
        using var ordinary = new GenerationCache();
        using var cache = new GenerationCache();
        Pass(network, tensor(prompt, [2, prompt.Length / 2]), ordinary);
        Pass(network, tensor(prompt, [2, prompt.Length / 2]), cache);

        using var steps = DecodeSteps.Begin(network, cache, 2, out var obstacle);

        Assert.Null(obstacle);
        for (var i = 0; i < Steps; i++)
        {
            var ids = steps!.Ids.clone(); // Its own choice, but for the first.
            var expected = Pass(network, ids, ordinary);
            steps.Run();
            Assert.InRange((expected - steps.Logits).abs().max().item<float>(), 0, 1e-5 * Math.Max(1, expected.abs().max().item<float>()));
            Assert.Equal(expected.argmax(1).data<long>().ToArray(), steps.Ids.squeeze(1).data<long>().ToArray());
            Assert.Equal(expected.argmax(1).data<long>().Select(static id => (double)id), steps.Take()[2..]);
        }
    }

    [Fact]
    public void OnAGpu_OnlyFusedExpertsAreRecorded()
    {
        using var model = PretrainedModel.Load(TestData.Golden("mixtral"), new() { Dtype = float32, Experts = ExpertsBackend.Grouped });
        Assert.StartsWith(
            "of the backends of experts only fused leaves the host out: grouped, as asked",
            DecodeSteps.WhyNot(model.Network, TorchSharp.DeviceType.CUDA), StringComparison.Ordinal);
        Assert.Null(DecodeSteps.WhyNot(model.Network, TorchSharp.DeviceType.CPU));
    }

    private static Tensor Pass(CausalLm network, Tensor ids, GenerationCache cache)
    {
        using var context = new AttentionContext(ids.shape[0], ids.shape[1], CPU, cache);
        var logits = network.ForwardLast(ids, context);
        cache.Advance(context);
        return logits;
    }
}
