using static TorchSharp.torch;

namespace Moesaic.Models.DeepseekV2;

/// <summary>DeepSeek-V2: latent attention; 160 routed experts in 8 groups, 6 a token from the best 3 groups, and two shared.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2405.04434. Checkpoints: deepseek-ai/DeepSeek-V2, and V2-Lite, which has no groups and plain queries.</remarks>
[MoeModel("deepseek_v2", Architectures = ["DeepseekV2ForCausalLM"])]
public sealed partial class DeepseekV2ForCausalLm(DeepseekV2Config config) : CausalLm<DeepseekV2Config, DeepseekV2DecoderLayer>(config);

/// <summary>Attention, then a dense MLP in the first layers and experts in the others.</summary>
[Module]
public sealed partial class DeepseekV2DecoderLayer(DeepseekV2Config config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public MultiHeadLatentAttention SelfAttn { get; } = new(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public ExplicitModule Mlp { get; } = layerIndex < config.FirstKDenseReplace
        ? new GatedMlp(config.HiddenSize, config.IntermediateSize)
        : new DeepseekV2Moe(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + Mlp.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Softmax scores in float32, the best groups by their best expert; weights are scaled and never renormalized.</summary>
[MoeBlock<GroupLimitedSoftmaxRouter, SwiGlu>]
[RouterWeights(Float32 = true)]
[SharedExperts]
public sealed partial class DeepseekV2Moe(DeepseekV2Config config) : MoeBlock(config);

/// <summary>What DeepSeek-V2 reads from config.json. norm_topk_prob counts nowhere: no implementation of the model renormalizes.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("scoring_func", "softmax")]
[ConfigSupports("topk_method", "greedy", "group_limited_greedy")]
[ConfigSupports("moe_layer_freq", 1)]
[ConfigSupports("mlp_bias", false)]
public sealed partial record DeepseekV2Config : IDecoderConfig, ILatentAttentionConfig, IMoeConfig, ISharedExpertsConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int IntermediateSize { get; init; }
    public required int MoeIntermediateSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    public int? QLoraRank { get; init; }
    public required int KvLoraRank { get; init; }
    public required int QkNopeHeadDim { get; init; }
    public required int QkRopeHeadDim { get; init; }
    public required int VHeadDim { get; init; }
    public bool AttentionBias { get; init; }
    public required RopeParameters RopeParameters { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 2048;
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; }

    public int FirstKDenseReplace { get; init; }
    public string TopkMethod { get; init; } = "greedy";
    public int NGroup { get; init; } = 1;
    [ConfigKey("topk_group")] public int NumKeptGroups { get; init; } = 1;
    public double RoutedScalingFactor { get; init; } = 1;
    [ConfigKey("n_routed_experts")] public required int NumExperts { get; init; }
    [ConfigKey("n_shared_experts")] public required int NumSharedExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    public int NumExpertGroups => TopkMethod == "greedy" ? 1 : NGroup;
    public int TopkGroup => TopkMethod == "greedy" ? 1 : NumKeptGroups;
    public int SharedExpertsIntermediateSize => NumSharedExperts * MoeIntermediateSize;
}
