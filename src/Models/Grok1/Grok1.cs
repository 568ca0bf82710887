using static TorchSharp.torch;

namespace Moesaic.Models.Grok1;

/// <summary>Grok-1: two of eight GELU experts; scores of attention and router bent to ±30; a norm before and behind each half of a layer.</summary>
/// <remarks>Source: https://github.com/xai-org/grok-1. Checkpoint: hpcai-tech/grok-1.</remarks>
[MoeModel("grok-1", Architectures = ["Grok1ForCausalLM", "Grok1ModelForCausalLM"])]
public sealed partial class Grok1ForCausalLm(Grok1Config config) : CausalLm<Grok1Config, Grok1DecoderLayer>(
    config, embeddingMultiplier: config.EmbeddingMultiplierScale, logitsMultiplier: config.OutputMultiplierScale);

/// <summary>Attention, then experts, each on a normed residual stream; what they add is normed too.</summary>
[Module]
public sealed partial class Grok1DecoderLayer(Grok1Config config, int layerIndex) : DecoderLayer
{
    public RmsNorm PreAttnNorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public Grok1Attention Attn { get; } = new(config, layerIndex);
    public RmsNorm PostAttnNorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public RmsNorm PreMoeNorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public Grok1MoeBlock MoeBlock { get; } = new(config);
    public RmsNorm PostMoeNorm { get; } = new(config.HiddenSize, config.RmsNormEps);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + PostAttnNorm.forward(Attn.forward(PreAttnNorm.forward(x), context));
        return (x + PostMoeNorm.forward(MoeBlock.forward(PreMoeNorm.forward(x)))).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention with bent scores; its output has a factor of its own.</summary>
public sealed class Grok1Attention(Grok1Config config, int layerIndex) : GroupedQueryAttention(config, layerIndex)
{
    private readonly double _multiplier = config.AttnOutputMultiplier;

    protected override bool HeadsAreIndependent => true;

    protected override bool AttendsAsDeclared => true;

    protected override double? ScoreCap { get; } = config.AttnLogitSoftcapping;

    protected override Tensor Output(Tensor attended, Tensor x) => base.Output(attended, x) * _multiplier;
}

/// <summary>Bent logits, softmax over all experts, keep the top k, renormalize; linear is the gate, linear_v up, linear_1 down.</summary>
[MoeBlock<SoftcappedSoftmaxRouter, GeGlu>]
[ExpertWeights(Gate = "linear", Up = "linear_v", Down = "linear_1")]
public sealed partial class Grok1MoeBlock(Grok1Config config) : MoeBlock(config);
