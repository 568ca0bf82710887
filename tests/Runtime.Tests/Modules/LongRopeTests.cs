using Moesaic.Configs;
using Moesaic.Generation;
using static TorchSharp.torch;

namespace Moesaic.Runtime.Tests.Modules;

/// <summary>LongRoPE: other frequencies and another factor beyond the original length, also in the middle of a text.</summary>
public sealed class LongRopeTests
{
    private const int Original = 8;

    [Fact]
    public void Continuation_ThatCrossesTheOriginalLength_IsThatOfFullPasses()
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        using var model = TinyDecoder.Random(Config(), seed: 5);
        List<int> ids = [3, 1, 4, 1, 5];

        var continuation = new TextGenerator(model).Generate(ids.ToArray(), new() { MaxTokens = 8 }).ToArray();

        foreach (var id in continuation)
        {
            var logits = model.forward(tensor(ids.Select(i => (long)i).ToArray(), [1, ids.Count]));
            Assert.Equal(logits[0, ids.Count - 1].argmax().item<long>(), id);
            ids.Add(id);
        }
    }

    [Fact]
    public void RowsOfABatch_EachHaveTheirLength()
    {
        using var scope = NewDisposeScope();
        using var model = TinyDecoder.Random(Config());
        long[] longer = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3];
        long[] shorter = [7, 8, 9, 10];
        using var context = new AttentionContext(2, 10, CPU, leftPadding: [0, 6]);

        var together = model.forward(stack([tensor(longer), cat([zeros(6, dtype: int64), tensor(shorter)])]), context);

        Near(model.forward(tensor(longer, [1, 10]))[0], together[0]);
        Near(model.forward(tensor(shorter, [1, 4]))[0], together[1].narrow(0, 6, 4));
    }

    [Fact]
    public void Factor_IsOfTheLength_ThenOfTheConfig_ThenOfTheRule()
    {
        var rope = Config().RopeParameters;
        Assert.Equal(1.5, new RotaryFrequencies(rope, 4).AttentionFactor(Original));
        Assert.Equal(2.5, new RotaryFrequencies(rope, 4).AttentionFactor(Original + 1));
        var plain = rope with { ShortMscale = null, LongMscale = null, Factor = 4 };
        Assert.Equal(Math.Sqrt(1 + (Math.Log(4) / Math.Log(Original))), new RotaryFrequencies(plain, 4).AttentionFactor(100), 1e-12);
        Assert.Equal(3, new RotaryFrequencies(plain with { AttentionFactor = 3 }, 4).AttentionFactor(1));
    }

    [Fact]
    public void ConfigOfPhi_IsRead()
    {
        var rope = RopeParameters.Read(ConfigReader.Parse(
            """
            {
                "max_position_embeddings": 131072, "original_max_position_embeddings": 4096, "rope_theta": 10000.0,
                "rope_scaling": {
                    "type": "longrope", "short_factor": [1.0, 1.25], "long_factor": [2, 64], "short_mscale": 1.24, "long_mscale": 1.25,
                    "original_max_position_embeddings": 4096
                }
            }
            """, "config.json"));
        Assert.Equal(RopeType.LongRope, rope.Type);
        Assert.Equal((4096, 32, 1.24, 1.25), (rope.OriginalMaxPositionEmbeddings, rope.Factor, rope.ShortMscale, rope.LongMscale));
        Assert.Equal([2, 64], rope.LongFactor);
    }

    private static TinyConfig Config() => new()
    {
        RopeParameters = new()
        {
            Type = RopeType.LongRope,
            OriginalMaxPositionEmbeddings = Original,
            MaxPositionEmbeddings = 64,
            ShortFactor = [1, 1.1],
            LongFactor = [4, 8],
            ShortMscale = 1.5,
            LongMscale = 2.5,
        },
    };

    private static void Near(Tensor expected, Tensor actual) => Assert.InRange((expected - actual).abs().max().item<float>(), 0, 2e-5);
}
