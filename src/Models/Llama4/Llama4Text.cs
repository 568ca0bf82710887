using static TorchSharp.torch;

namespace Moesaic.Models.Llama4;

/// <summary>Llama 4 Scout and Maverick: one expert per token, whose input is scaled, beside a shared one; most layers see a chunk, some have no positions.</summary>
/// <remarks>Source: https://ai.meta.com/blog/llama-4-multimodal-intelligence. Checkpoint: meta-llama/Llama-4-Scout-17B-16E, inside.</remarks>
[MoeModel("llama4_text", Architectures = ["Llama4ForCausalLM"])]
public sealed partial class Llama4ForCausalLm(Llama4TextConfig config) : CausalLm<Llama4TextConfig, Llama4TextDecoderLayer>(config);

/// <summary>The language model of a checkpoint that sees: its vision model and projector are left aside.</summary>
[MoeModel("llama4", Architectures = ["Llama4ForConditionalGeneration"], Ignored = ["vision_model.*", "multi_modal_projector.*"])]
public sealed partial class Llama4ForConditionalGeneration(Llama4Config config) : LanguageModelOf<Llama4ForCausalLm>(new(config.TextConfig));

/// <summary>Attention, then experts or a dense MLP, each on a normed residual stream.</summary>
[Module]
public sealed partial class Llama4TextDecoderLayer(Llama4TextConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public Llama4TextAttention SelfAttn { get; } = new(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public ExplicitModule FeedForward { get; } = config.IsSparse(layerIndex)
        ? new Llama4TextMoe(config)
        : new GatedMlp(config.HiddenSize, config.IntermediateSizeMlp);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + FeedForward.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>The top k logits; the sigmoid of each multiplies its expert's input. The checkpoint stacks the experts, input by output.</summary>
[MoeBlock<TopKSigmoidRouter, SwiGlu>]
[RouterWeights(Name = "router", OnInput = true)]
[ExpertWeights(Layout = ExpertLayout.Stacked, GateUp = "gate_up_proj", Down = "down_proj", Suffix = "", Transposed = true)]
[SharedExperts(Name = "shared_expert")]
public sealed partial class Llama4TextMoe(Llama4TextConfig config) : MoeBlock(config);
