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

/// <summary>What Aria's language model reads from its own config, or from the section of it.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("mlp_bias", false)]
public sealed partial record AriaTextConfig : IDecoderConfig, IAttentionConfig, IMoeConfig, ISharedExpertsConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    [ConfigKey("num_key_value_heads")] public int? KeyValueHeads { get; init; }
    public int NumKeyValueHeads => KeyValueHeads ?? NumAttentionHeads;
    public int? HeadDim { get; init; }
    public bool AttentionBias { get; init; }
    public int? SlidingWindow => null;
    public int MaxPositionEmbeddings { get; init; } = 2048;
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; }
    public required RopeParameters RopeParameters { get; init; }

    [ConfigKey("moe_num_experts")] public required int NumExperts { get; init; }
    [ConfigKey("moe_topk")] public required int TopK { get; init; }
    [ConfigKey("moe_num_shared_experts")] public int NumSharedExperts { get; init; } = 2;
    [ConfigKey("intermediate_size")] public required int MoeIntermediateSize { get; init; }
    public int SharedExpertsIntermediateSize => NumSharedExperts * MoeIntermediateSize;
}

/// <summary>Of Aria's config, the language model's part.</summary>
[ModelConfig]
public sealed partial record AriaConfig
{
    public required AriaTextConfig TextConfig { get; init; }
}
