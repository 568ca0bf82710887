using Moesaic.Verification;
using static TorchSharp.torch;

namespace Moesaic.Models.Tests;

/// <summary>Each architecture against what the reference implementation computes: logits, and a greedy continuation through the cache.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string, ExpertsBackend> Cases()
    {
        var data = new TheoryData<string, ExpertsBackend>();
        foreach (var name in GoldenCases.Declared)
        {
            data.Add(name, ExpertsBackend.Eager);
            data.Add(name, ExpertsBackend.Grouped);
            data.Add(name, ExpertsBackend.Fused);
        }

        return data;
    }

    public static TheoryData<string> Declared() => [.. GoldenCases.Declared];

    public static TheoryData<string> Consistent() => [.. GoldenCases.Declared.Except(GoldenCases.RoundedDecays)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Float32_EqualsTheReference(string name, ExpertsBackend experts)
    {
        using var model = PretrainedModel.Load(TestData.Golden(name), new() { Dtype = float32, Experts = experts });
        using var reference = ReferenceOutputs.Load(Path.Combine(TestData.Golden(name), "expected.safetensors"), model.Network);

        var result = VerificationResult.Run(model.Network, reference);

        Assert.InRange(result.MaxAbsError, 0, 1e-4);
        Assert.Equal(result.GreedyTotal, result.GreedyMatched);
    }

    [Theory]
    [MemberData(nameof(Declared))]
    public void LeftPaddedRows_GiveWhatTheyGiveAlone(string name)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        using var model = PretrainedModel.Load(TestData.Golden(name), new() { Dtype = float32 });
        int[] longer = [5, 17, 42, 99, 3, 61, 28, 110, 7, 23, 77];
        int[] shorter = [9, 33, 120, 4, 56];
        int[] padding = [0, longer.Length - shorter.Length];
        using var cache = new GenerationCache();

        var together = Pass(model.Network, [longer, [.. Enumerable.Repeat(0, padding[1]), .. shorter]], cache, padding);
        var next = Pass(model.Network, [[12], [13]], cache, null);

        Near(Alone(model.Network, longer), together[0]);
        Near(Alone(model.Network, shorter), together[1].narrow(0, padding[1], shorter.Length));
        Near(Next(model.Network, longer, 12), next[0, 0]);
        Near(Next(model.Network, shorter, 13), next[1, 0]);
    }

    [Theory]
    [MemberData(nameof(Consistent))]
    public void NextToken_EqualsTheWholePass(string name)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        using var model = PretrainedModel.Load(TestData.Golden(name), new() { Dtype = float32 });
        int[] prompt = [5, 17, 42, 99, 3, 61, 28, 110, 7, 23, 77];

        Near(Alone(model.Network, [.. prompt, 12])[prompt.Length], Next(model.Network, prompt, 12));
    }

    [Fact]
    public void PendingCases_AreRefused() =>
        Assert.All(GoldenCases.Pending, name => Assert.ThrowsAny<MoesaicException>(() => PretrainedModel.Load(TestData.Golden(name)).Dispose()));

    private static Tensor Alone(CausalLm network, int[] ids) => network.forward(Ids([ids])).squeeze(0);

    /// <summary>The logits of <paramref name="id"/> after a prompt, through the cache.</summary>
    private static Tensor Next(CausalLm network, int[] prompt, int id)
    {
        using var cache = new GenerationCache();
        Pass(network, [prompt], cache, null);
        return Pass(network, [[id]], cache, null)[0, 0];
    }

    private static Tensor Pass(CausalLm network, int[][] rows, GenerationCache cache, int[]? padding)
    {
        using var context = new AttentionContext(rows.Length, rows[0].Length, CPU, cache, padding);
        var logits = network.forward(Ids(rows), context);
        cache.Advance(context);
        return logits;
    }

    private static Tensor Ids(int[][] rows) => tensor([.. rows.SelectMany(row => row).Select(id => (long)id)], [rows.Length, rows[0].Length]);

    private static void Near(Tensor expected, Tensor actual) => Assert.InRange((expected - actual).abs().max().item<float>(), 0, 1e-4);
}
