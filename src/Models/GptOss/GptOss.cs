using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic.Models.GptOss;

/// <summary>gpt-oss-20b and 120b: biased experts with a clamped SwiGLU, attention with sinks, every second layer in a window.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2508.10925. Checkpoint: openai/gpt-oss-20b.</remarks>
[MoeModel("gpt_oss", Architectures = ["GptOssForCausalLM"])]
public sealed partial class GptOssForCausalLm(GptOssConfig config) : CausalLm<GptOssConfig, GptOssDecoderLayer>(config);

/// <summary>Attention, then experts, each on a normed residual stream.</summary>
[Module]
public sealed partial class GptOssDecoderLayer(GptOssConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public GptOssAttention SelfAttn { get; } = new(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public GptOssMoe Mlp { get; } = new(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + Mlp.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>The top k of biased logits, softmax over those; gate and up rows alternate in the checkpoint.</summary>
[MoeBlock<TopKSoftmaxRouter, ClampedSwiGlu>]
[RouterWeights(Name = "router", Bias = true)]
[ExpertWeights(
    Layout = ExpertLayout.Stacked, GateUp = "gate_up_proj", Down = "down_proj", Suffix = "", Interleaved = true, Transposed = true, Bias = true)]
public sealed partial class GptOssMoe(GptOssConfig config) : MoeBlock(config);

/// <summary>Attention with a learned logit per head that takes a share of the softmax and carries no value.</summary>
[Module]
public sealed partial class GptOssAttention(GptOssConfig config, int layerIndex)
    : GroupedQueryAttention(config, layerIndex, bias: config.AttentionBias, outputBias: config.AttentionBias)
{
    [CheckpointName("sinks")] public Parameter SinkLogits { get; private set; } = NewParameter(config.NumAttentionHeads);

    protected override bool HeadsAreIndependent => true;

    protected override bool AttendsAsDeclared => true;

    protected override Parameter? Sinks => SinkLogits;
}
