using static TorchSharp.torch;

namespace Moesaic.Models.Dots1;

/// <summary>dots.llm1: Qwen3's attention, all key heads its own; 128 routed experts, 6 a token, and two shared.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2506.05767. Checkpoint: rednote-hilab/dots.llm1.inst.</remarks>
[MoeModel("dots1", Architectures = ["Dots1ForCausalLM"])]
public sealed partial class Dots1ForCausalLm(Dots1Config config) : CausalLm<Dots1Config, Dots1DecoderLayer>(config);

/// <summary>Attention, then a dense MLP in the first layers and experts in the others.</summary>
[Module]
public sealed partial class Dots1DecoderLayer(Dots1Config config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public Dots1Attention SelfAttn { get; } = new(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public ExplicitModule Mlp { get; } = layerIndex < config.FirstKDenseReplace
        ? new GatedMlp(config.HiddenSize, config.IntermediateSize)
        : new Dots1Moe(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + Mlp.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Queries and keys are normed per head before they turn.</summary>
[Module]
public sealed partial class Dots1Attention(Dots1Config config, int layerIndex)
    : GroupedQueryAttention(config, layerIndex, config.AttentionBias, config.AttentionBias)
{
    public RmsNorm QNorm { get; } = new(config.HeadWidth, config.RmsNormEps);
    public RmsNorm KNorm { get; } = new(config.HeadWidth, config.RmsNormEps);

    protected override bool HeadsAreIndependent => true;

    protected override bool AttendsAsDeclared => true;

    protected override RmsNorm QueryNorm => QNorm;

    protected override RmsNorm KeyNorm => KNorm;
}

/// <summary>Sigmoid scores in float32; a bias moves the choice of experts and never their weights.</summary>
[MoeBlock<GroupLimitedSigmoidRouter, SwiGlu>]
[RouterWeights(SelectionBias = "gate.e_score_correction_bias", Float32 = true)]
[SharedExperts]
public sealed partial class Dots1Moe(Dots1Config config) : MoeBlock(config);
