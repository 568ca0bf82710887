using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Runtime.Tests.Modules;

/// <summary>Layers that carry a state from token to token: in whatever pieces a text comes, and whatever padding, the result is one.</summary>
public sealed class RecurrentLayerTests
{
    private const int Width = 12;

    private static readonly Dictionary<string, Func<SequenceModule>> Factories = new()
    {
        ["short convolution"] = () => new ShortConvolution(Width, 3, 0),
        ["short convolution with bias"] = () => new ShortConvolution(Width, 4, 0, bias: true),
        ["short convolution of one token"] = () => new ShortConvolution(Width, 1, 0, bias: true),
        ["Mamba"] = () => new MambaMixer(new TinyMamba(), 0),
        ["Mamba with inner norms and biases"] = () => new MambaMixer(new TinyMamba { MambaDtRank = 2, MambaProjBias = true }, 0, innerNormEps: 1e-6),
        ["Mamba-2"] = () => new Mamba2Mixer(new TinyMamba(), 0),
        ["Mamba-2 in groups, with biases and limits"] = () => new Mamba2Mixer(
            new TinyMamba { MambaNGroups = 2, MambaProjBias = true, TimeStepLimit = [0.1, 2] }, 0),
        ["gated delta net"] = () => new GatedDeltaNet(new TinyDeltaNet(), 0),
        ["gated delta net of single heads"] = () => new GatedDeltaNet(new TinyDeltaNet { LinearNumValueHeads = 2 }, 0),
        ["lightning attention"] = () => new LightningAttention(new TinyLightning(), 0),
    };

    public static TheoryData<string> Layers() => [.. Factories.Keys];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Pieces_GiveWhatTheWholeGives(string name)
    {
        using var scope = NewDisposeScope();
        using var layer = Make(name);
        var x = Input(2, 150);
        var whole = layer.forward(x);

        foreach (int[] lengths in new int[][] { [.. Enumerable.Repeat(1, 150)], [1, 2, 3, 1, 70, 2, 71], [66, 84], [2, 148] })
        {
            using var cache = new GenerationCache();
            var pieces = new List<Tensor>();
            foreach (var length in lengths)
            {
                pieces.Add(Pass(layer, x.narrow(1, cache.Length, length), cache));
            }

            Near(whole, cat(pieces, 1));
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void LeftPaddedRow_GivesWhatItGivesAlone(string name)
    {
        using var scope = NewDisposeScope();
        using var layer = Make(name);
        var x = Input(3, 80);
        int[] padding = [0, 3, 71];
        foreach (int[] lengths in new int[][] { [78, 1, 1], [2, 75, 3] })
        {
            using var cache = new GenerationCache();
            var pieces = new List<Tensor>();
            foreach (var length in lengths)
            {
                pieces.Add(Pass(layer, x.narrow(1, cache.Length, length), cache, padding));
            }

            var together = cat(pieces, 1);
            for (var row = 0; row < padding.Length; row++)
            {
                var length = 80 - padding[row];
                var alone = layer.forward(x.narrow(0, row, 1).narrow(1, padding[row], length));
                Near(alone, together.narrow(0, row, 1).narrow(1, padding[row], length));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void LaterTokens_DoNotChangeEarlierOnes(string name)
    {
        using var scope = NewDisposeScope();
        using var layer = Make(name);
        var x = Input(1, 9);
        Near(layer.forward(x.narrow(1, 0, 5)), layer.forward(x).narrow(1, 0, 5));
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Cast_ComputesInTheDtypeOfTheInput(string name)
    {
        using var scope = NewDisposeScope();
        using var layer = Make(name);
        var x = Input(1, 9);
        var exact = layer.forward(x);
        layer.to(bfloat16);
        var rounded = layer.forward(x.to(bfloat16));
        Assert.Equal(bfloat16, rounded.dtype);
        Assert.InRange((exact - rounded).abs().max().item<float>() / exact.abs().max().item<float>(), 0, 0.15);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void APass_LeavesNothing(string name)
    {
        using var layer = Make(name);
        using var x = randn(2, 70, Width);
        using var tensors = new NewTensors();
        using (var cache = new GenerationCache())
        {
            Pass(layer, x, cache, [0, 3]).Dispose();
            Pass(layer, x, cache).Dispose();
        }

        Assert.Equal(0, tensors.Count);
    }

    private static SequenceModule Make(string name)
    {
        var layer = Factories[name]();
        RandomWeights.Fill(layer, 7, float32, deviation: 0.4);
        if (layer is LightningAttention lightning)
        {
            FillDecays(lightning);
        }

        return layer;
    }

    /// <summary>The tables that follow from the rates, as in a checkpoint that is not rounded.</summary>
    private static void FillDecays(LightningAttention layer)
    {
        using var scope = NewDisposeScope();
        var size = layer.QueryDecay.shape[1];
        var rates = tensor([0.5f, 0.25f, 0.01f]).view(3, 1, 1);
        var position = arange(size, dtype: float32).view(size, 1);
        layer.SlopeRate.copy_(rates);
        layer.QueryDecay.copy_((-rates * (position + 1)).exp());
        layer.KeyDecay.copy_((-rates * (size - 1 - position)).exp());
        layer.DiagonalDecay.copy_((-rates * (position - position.transpose(0, 1))).exp().tril());
    }

    private static Tensor Input(int rows, int length)
    {
        using var generator = new Generator(3);
        return randn(rows, length, Width, generator: generator);
    }

    private static Tensor Pass(SequenceModule layer, Tensor x, GenerationCache cache, int[]? padding = null)
    {
        using var context = new AttentionContext(x.shape[0], x.shape[1], CPU, cache, padding);
        var result = layer.forward(x, context);
        cache.Advance(context);
        return result;
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        var scale = Math.Max(1, expected.abs().max().item<float>());
        Assert.InRange((expected - actual).abs().max().item<float>() / scale, 0, 2e-5);
    }

    private sealed record TinyMamba : IMambaConfig, IMamba2Config
    {
        public int HiddenSize => Width;

        public int MambaExpand => 2;

        public int MambaDState => 5;

        public int MambaDConv => 4;

        public int? MambaDtRank { get; init; }

        public bool MambaConvBias => true;

        public bool MambaProjBias { get; init; }

        public int MambaNHeads => 6;

        public int MambaDHead => 4;

        public int MambaNGroups { get; init; } = 1;

        public double RmsNormEps => 1e-6;

        public IReadOnlyList<double> TimeStepLimit { get; init; } = [0, double.PositiveInfinity];
    }

    private sealed record TinyLightning : ILightningAttentionConfig
    {
        public int HiddenSize => Width;

        public int NumAttentionHeads => 3;

        public int? HeadDim => 5;

        public int BlockSize => 16;
    }

    private sealed record TinyDeltaNet : IGatedDeltaNetConfig
    {
        public int HiddenSize => Width;

        public int LinearNumKeyHeads => 2;

        public int LinearNumValueHeads { get; init; } = 6;

        public int LinearKeyHeadDim => 4;

        public int LinearValueHeadDim => 5;

        public int LinearConvKernelDim => 4;

        public double RmsNormEps => 1e-6;
    }
}
