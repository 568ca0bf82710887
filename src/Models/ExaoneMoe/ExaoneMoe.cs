using static TorchSharp.torch;

namespace Moesaic.Models.ExaoneMoe;

/// <summary>K-EXAONE: three sliding layers for one that sees all and knows no positions; 128 routed experts, 8 a token, and one shared.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2601.01739. Checkpoint: LGAI-EXAONE/K-EXAONE-236B-A23B, whose layer that predicts one more token is not used.</remarks>
[MoeModel("exaone_moe", Architectures = ["ExaoneMoeForCausalLM", "ExaoneMoEForCausalLM"], Ignored = ["mtp.*"])]
public sealed partial class ExaoneMoeForCausalLm(ExaoneMoeConfig config) : CausalLm<ExaoneMoeConfig, ExaoneMoeDecoderLayer>(config);

/// <summary>Attention, then a dense MLP or experts, as the config lists the layers.</summary>
[Module]
public sealed partial class ExaoneMoeDecoderLayer(ExaoneMoeConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public ExaoneMoeAttention SelfAttn { get; } = new(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public ExplicitModule Mlp { get; } = config.MlpLayerTypes.IsSparse(layerIndex)
        ? new ExaoneMoeMoe(config)
        : new GatedMlp(config.HiddenSize, config.IntermediateSize);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + Mlp.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Queries and keys are normed per head; they turn in sliding layers, and in all where none slides.</summary>
[Module]
public sealed partial class ExaoneMoeAttention(ExaoneMoeConfig config, int layerIndex) : GroupedQueryAttention(config, layerIndex)
{
    private readonly bool _turns = config.SlidingWindow is null || config.IsSliding(layerIndex);

    public RmsNorm QNorm { get; } = new(config.HeadWidth, config.RmsNormEps);
    public RmsNorm KNorm { get; } = new(config.HeadWidth, config.RmsNormEps);

    protected override bool HeadsAreIndependent => true;

    protected override (Tensor Query, Tensor Key) Position(Tensor query, Tensor key, AttentionContext context)
    {
        (query, key) = (QNorm.forward(query), KNorm.forward(key));
        return _turns ? base.Position(query, key, context) : (query, key);
    }
}

/// <summary>Sigmoid scores in float32; a bias moves the choice of experts and never their weights.</summary>
[MoeBlock<GroupLimitedSigmoidRouter, SwiGlu>]
[RouterWeights(SelectionBias = "e_score_correction_bias", Float32 = true)]
[SharedExperts]
public sealed partial class ExaoneMoeMoe(ExaoneMoeConfig config) : MoeBlock(config);
