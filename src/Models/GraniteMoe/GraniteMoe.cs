using static TorchSharp.torch;

namespace Moesaic.Models.GraniteMoe;

/// <summary>Granite 3.0 and 3.1 1B-A400M and 3B-A800M: many small experts; embedding, attention, residual and logits have factors of their own.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2408.13359 (the factors). Checkpoint: ibm-granite/granite-3.0-1b-a400m-base.</remarks>
[MoeModel("granitemoe", Architectures = ["GraniteMoeForCausalLM"])]
public sealed partial class GraniteMoeForCausalLm(GraniteMoeConfig config) : CausalLm<GraniteMoeConfig, GraniteMoeDecoderLayer>(
    config, embeddingMultiplier: config.EmbeddingMultiplier, logitsMultiplier: 1 / config.LogitsScaling);

/// <summary>Attention, then experts, each on a normed residual stream, to which a share of them is added.</summary>
[Module]
public sealed partial class GraniteMoeDecoderLayer(GraniteMoeConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public GraniteMoeAttention SelfAttn { get; } = new(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public GraniteMoeBlock BlockSparseMoe { get; } = new(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context) * config.ResidualMultiplier;
        return (x + BlockSparseMoe.forward(PostAttentionLayernorm.forward(x)) * config.ResidualMultiplier).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention whose factor on the scores is a number of the config.</summary>
public class GraniteMoeAttention(GraniteMoeConfig config, int layerIndex)
    : GroupedQueryAttention(config, layerIndex, bias: config.AttentionBias, outputBias: config.AttentionBias)
{
    protected override bool HeadsAreIndependent => true;

    protected override bool AttendsAsDeclared => GetType() == typeof(GraniteMoeAttention);

    protected override double Scale { get; } = config.AttentionMultiplier;
}

/// <summary>The top k logits, softmax over those; the checkpoint stacks the experts.</summary>
[MoeBlock<TopKSoftmaxRouter, SwiGlu>]
[RouterWeights(Name = "router.layer")]
[ExpertWeights(Layout = ExpertLayout.Stacked, Experts = "", GateUp = "input_linear", Down = "output_linear")]
public sealed partial class GraniteMoeBlock(GraniteMoeConfig config) : MoeBlock(config);
