using static TorchSharp.torch;

namespace Moesaic.Models.Glm4Moe;

/// <summary>GLM-4.5, 4.6 and 4.5-Air: grouped-query attention of which half a head turns; 160 or 128 routed experts, 8 a token, and one shared.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2508.06471. Checkpoint: zai-org/GLM-4.5. The layer after its last predicts one more token and is not used.</remarks>
[MoeModel("glm4_moe", Architectures = ["Glm4MoeForCausalLM"], Ignored = ["model.layers.{num_hidden_layers}.*"])]
public sealed partial class Glm4MoeForCausalLm(Glm4MoeConfig config) : CausalLm<Glm4MoeConfig, Glm4MoeDecoderLayer>(config);

/// <summary>Attention, then a dense MLP in the first layers and experts in the others.</summary>
[Module]
public sealed partial class Glm4MoeDecoderLayer(Glm4MoeConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public Glm4MoeAttention SelfAttn { get; } = new(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public ExplicitModule Mlp { get; } = layerIndex < config.FirstKDenseReplace
        ? new GatedMlp(config.HiddenSize, config.IntermediateSize)
        : new Glm4MoeMoe(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + Mlp.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Queries and keys are normed per head before they turn, where the config says so: 4.5 and 4.6, not Air.</summary>
[Module]
public sealed partial class Glm4MoeAttention(Glm4MoeConfig config, int layerIndex) : GroupedQueryAttention(config, layerIndex, config.AttentionBias)
{
    public RmsNorm? QNorm { get; } = config.UseQkNorm ? new(config.HeadWidth, config.RmsNormEps) : null;
    public RmsNorm? KNorm { get; } = config.UseQkNorm ? new(config.HeadWidth, config.RmsNormEps) : null;

    protected override bool HeadsAreIndependent => true;

    protected override bool AttendsAsDeclared => true;

    protected override RmsNorm? QueryNorm => QNorm;

    protected override RmsNorm? KeyNorm => KNorm;
}

/// <summary>Sigmoid scores in float32; a bias moves the choice of experts and never their weights.</summary>
[MoeBlock<GroupLimitedSigmoidRouter, SwiGlu>]
[RouterWeights(SelectionBias = "gate.e_score_correction_bias", Float32 = true)]
[SharedExperts]
public sealed partial class Glm4MoeMoe(Glm4MoeConfig config) : MoeBlock(config);
