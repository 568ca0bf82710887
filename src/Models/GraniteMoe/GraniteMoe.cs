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
    protected override double Scale { get; } = config.AttentionMultiplier;
}

/// <summary>The top k logits, softmax over those; the checkpoint stacks the experts.</summary>
[MoeBlock<TopKSoftmaxRouter, SwiGlu>]
[RouterWeights(Name = "router.layer")]
[ExpertWeights(Layout = ExpertLayout.Stacked, Experts = "", GateUp = "input_linear", Down = "output_linear")]
public sealed partial class GraniteMoeBlock(GraniteMoeConfig config) : MoeBlock(config);

/// <summary>What Granite-MoE reads from config.json.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
public partial record GraniteMoeConfig : IDecoderConfig, IAttentionConfig, IMoeConfig
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
    public required int MaxPositionEmbeddings { get; init; }
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; }
    public required RopeParameters RopeParameters { get; init; }

    public double EmbeddingMultiplier { get; init; } = 1;
    public double AttentionMultiplier { get; init; } = 1;
    public double ResidualMultiplier { get; init; } = 1;
    public double LogitsScaling { get; init; } = 1;

    [ConfigKey("num_local_experts")] public required int NumExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    [ConfigKey("intermediate_size")] public required int MoeIntermediateSize { get; init; }
}
