using static TorchSharp.torch;

namespace Moesaic.Models.Aria;

/// <summary>Aria's language model: 64 experts, 6 per token, and two shared ones as one MLP.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2410.05993. Checkpoint: rhymes-ai/Aria, inside.</remarks>
[MoeModel("aria_text", Architectures = ["AriaTextForCausalLM"])]
public sealed partial class AriaTextForCausalLm(AriaTextConfig config) : CausalLm<AriaTextConfig, AriaTextDecoderLayer>(config);

/// <summary>The language model of a checkpoint that sees: its vision tower and projector are left aside.</summary>
[MoeModel("aria", Architectures = ["AriaForConditionalGeneration"], Ignored = ["vision_tower.*", "multi_modal_projector.*"])]
public sealed partial class AriaForConditionalGeneration(AriaConfig config) : LanguageModelOf<AriaTextForCausalLm>(new(config.TextConfig));

/// <summary>Attention, then experts, each on a normed residual stream.</summary>
[Module]
public sealed partial class AriaTextDecoderLayer(AriaTextConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public GroupedQueryAttention SelfAttn { get; } = new(config, layerIndex, bias: config.AttentionBias, outputBias: config.AttentionBias);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public AriaTextMoe Mlp { get; } = new(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + Mlp.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>The top k logits, softmax over those; the checkpoint stacks the experts, input by output.</summary>
[MoeBlock<TopKSoftmaxRouter, SwiGlu>]
[RouterWeights(Name = "router")]
[ExpertWeights(Layout = ExpertLayout.Stacked, GateUp = "fc1", Down = "fc2", Transposed = true)]
[SharedExperts]
public sealed partial class AriaTextMoe(AriaTextConfig config) : MoeBlock(config);
