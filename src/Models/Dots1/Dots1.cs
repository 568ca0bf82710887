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

    protected override (Tensor Query, Tensor Key) Position(Tensor query, Tensor key, AttentionContext context) =>
        base.Position(QNorm.forward(query), KNorm.forward(key), context);
}

/// <summary>Sigmoid scores in float32; a bias moves the choice of experts and never their weights.</summary>
[MoeBlock<GroupLimitedSigmoidRouter, SwiGlu>]
[RouterWeights(SelectionBias = "gate.e_score_correction_bias", Float32 = true)]
[SharedExperts]
public sealed partial class Dots1Moe(Dots1Config config) : MoeBlock(config);

/// <summary>What dots.llm1 reads from config.json. Its scoring_func names DeepSeek-V3's rule, as its topk_method would.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("scoring_func", "sigmoid", "noaux_tc")]
[ConfigSupports("moe_layer_freq", 1)]
public sealed partial record Dots1Config : IDecoderConfig, IAttentionConfig, IMoeConfig, ISharedExpertsConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int IntermediateSize { get; init; }
    public required int MoeIntermediateSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    [ConfigKey("num_key_value_heads")] public int? KeyValueHeads { get; init; }
    public int NumKeyValueHeads => KeyValueHeads ?? NumAttentionHeads;
    public int? HeadDim { get; init; }
    public bool AttentionBias { get; init; }
    public required RopeParameters RopeParameters { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 2048;
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; }
    internal int HeadWidth => HeadDim ?? HiddenSize / NumAttentionHeads;

    public required LayerTypes LayerTypes { get; init; }
    public int? SlidingWindow { get; init; }
    public int MaxWindowLayers { get; init; } = 62;

    public int FirstKDenseReplace { get; init; }
    public int TopkGroup { get; init; } = 1;
    public bool NormTopkProb { get; init; }
    public double RoutedScalingFactor { get; init; } = 1;
    [ConfigKey("n_group")] public int NumExpertGroups { get; init; } = 1;
    [ConfigKey("n_routed_experts")] public required int NumExperts { get; init; }
    [ConfigKey("n_shared_experts")] public required int NumSharedExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    public int SharedExpertsIntermediateSize => NumSharedExperts * MoeIntermediateSize;

    public int? SlidingWindowAt(int layerIndex)
    {
        var otherwise = layerIndex < MaxWindowLayers ? "full_attention" : "sliding_attention";
        return LayerTypes.At(layerIndex, otherwise, "full_attention", "sliding_attention") == "sliding_attention" ? SlidingWindow : null;
    }
}
