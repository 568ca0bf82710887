using static TorchSharp.torch;

namespace Moesaic.Runtime.Tests.Modules;

public sealed class LatentAttentionTests
{
    private const int Width = 12;

    // Twelve tokens at once are read expanded, up to eight absorbed.
    private static readonly LatentConfig Config = new();

    public static TheoryData<bool, bool> Kinds() => new() { { false, true }, { false, false }, { true, true } };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void FewTokens_ReadTheCompressedKeysAsManyReadTheExpanded(bool compressedQueries, bool interleaved)
    {
        using var scope = NewDisposeScope();
        using var attention = Random(Config with { QLoraRank = compressedQueries ? 10 : null }, interleaved);
        var x = Input(2, 12);

        using var cache = new GenerationCache();
        var steps = cat([Pass(attention, x, 0, 5, cache), Pass(attention, x, 5, 1, cache), Pass(attention, x, 6, 6, cache)], 1);

        Near(attention.forward(x), steps);
    }

    [Fact]
    public void LeftPaddedRow_GivesWhatItGivesAlone()
    {
        using var scope = NewDisposeScope();
        using var attention = Random(Config, interleaved: true);
        var x = Input(2, 12);
        using var many = new AttentionContext(2, 12, CPU, leftPadding: [0, 7]);
        using var few = new AttentionContext(2, 8, CPU, leftPadding: [3, 0]);

        var together = attention.forward(x, many);
        Near(attention.forward(x[1..].narrow(1, 7, 5)), together[1..].narrow(1, 7, 5));
        Near(attention.forward(x[..1]), together[..1]);

        var shorter = x.narrow(1, 0, 8);
        Near(attention.forward(shorter[..1].narrow(1, 3, 5)), attention.forward(shorter, few)[..1].narrow(1, 3, 5));
    }

    [Fact]
    public void Cache_KeepsOneCompressedVectorAToken()
    {
        using var scope = NewDisposeScope();
        using var attention = Random(Config, interleaved: true);
        using var cache = new GenerationCache();
        _ = Pass(attention, Input(1, 3), 0, 3, cache);

        var none = zeros(1, 1, 0, 1);
        var (latent, key) = cache.State<KeyValueCache>(0).Append(none.expand(1, 1, 0, Config.KvLoraRank), none.expand(1, 1, 0, Config.QkRopeHeadDim));

        Assert.Equal([1, 1, 3, Config.KvLoraRank], latent.shape);
        Assert.Equal([1, 1, 3, Config.QkRopeHeadDim], key.shape);
    }

    [Fact]
    public void LongerContext_SharpensAttention()
    {
        var yarn = new RopeParameters { Type = RopeType.Yarn, Factor = 40 };
        Assert.Equal(1, yarn.ScoreFactor);
        Assert.Equal(1, (yarn with { MscaleAllDim = 1, Type = RopeType.Default }).ScoreFactor);
        Assert.Equal(Math.Pow((0.1 * 0.707 * Math.Log(40)) + 1, 2), (yarn with { MscaleAllDim = 0.707 }).ScoreFactor, 12);
    }

    private static MultiHeadLatentAttention Random(LatentConfig config, bool interleaved)
    {
        var attention = new MultiHeadLatentAttention(config, 0, interleaved);
        RandomWeights.Fill(attention, 7, float32, deviation: 0.3);
        return attention;
    }

    private static Tensor Input(long batch, long length)
    {
        using var generator = new Generator(3, CPU);
        return randn([batch, length, Width], generator: generator);
    }

    private static Tensor Pass(MultiHeadLatentAttention attention, Tensor x, long from, long count, GenerationCache cache)
    {
        using var context = new AttentionContext(x.shape[0], count, CPU, cache);
        var result = attention.forward(x.narrow(1, from, count), context);
        cache.Advance(context);
        return result;
    }

    private static void Near(Tensor expected, Tensor actual) => Assert.InRange((expected - actual).abs().max().item<float>(), 0, 1e-5);

    private sealed record LatentConfig : ILatentAttentionConfig
    {
        public int HiddenSize => Width;

        public int NumAttentionHeads => 3;

        public int? QLoraRank { get; init; }

        public int KvLoraRank => 8;

        public int QkNopeHeadDim => 5;

        public int QkRopeHeadDim => 4;

        public int VHeadDim => 3;

        public bool AttentionBias => true;

        public RopeParameters RopeParameters => new() { Theta = 100 };
    }
}
