using static TorchSharp.torch;

namespace Moesaic.Models.FlexOlmo;

/// <summary>FlexOlmo-7x7B: experts trained apart on data of their own; norms stand behind attention and experts.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2507.07024. Checkpoint: allenai/FlexOlmo-7x7B-1T.</remarks>
[MoeModel("flex_olmo", Architectures = ["FlexOlmoForCausalLM"])]
public sealed partial class FlexOlmoForCausalLm(FlexOlmoConfig config) : CausalLm<FlexOlmoConfig, FlexOlmoDecoderLayer>(config);

/// <summary>Attention, then experts, on the residual stream as it is; what they add is normed.</summary>
[Module]
public sealed partial class FlexOlmoDecoderLayer(FlexOlmoConfig config, int layerIndex) : DecoderLayer
{
    public FlexOlmoAttention SelfAttn { get; } = new(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public FlexOlmoSparseMoeBlock Mlp { get; } = new(config);
    public RmsNorm PostFeedforwardLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + PostAttentionLayernorm.forward(SelfAttn.forward(x, context));
        return (x + PostFeedforwardLayernorm.forward(Mlp.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention whose queries and keys are normed over all heads together.</summary>
[Module]
public sealed partial class FlexOlmoAttention(FlexOlmoConfig config, int layerIndex)
    : GroupedQueryAttention(config, layerIndex, bias: config.AttentionBias, outputBias: config.AttentionBias)
{
    public RmsNorm QNorm { get; } = new(config.HeadWidth * config.NumAttentionHeads, config.RmsNormEps);
    public RmsNorm KNorm { get; } = new(config.HeadWidth * config.NumKeyValueHeads, config.RmsNormEps);

    protected override bool AttendsAsDeclared => true;

    protected override (Tensor Query, Tensor Key, Tensor Value) Project(Tensor x) => (
        Heads(QNorm.forward(QProj.forward(x)), HeadDim),
        Heads(KNorm.forward(KProj.forward(x)), HeadDim),
        Heads(VProj.forward(x), HeadDim));
}

/// <summary>Softmax over all experts, keep the top k as they are.</summary>
[MoeBlock<SoftmaxTopKRouter, SwiGlu>]
public sealed partial class FlexOlmoSparseMoeBlock(FlexOlmoConfig config) : MoeBlock(config);
