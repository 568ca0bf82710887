using static TorchSharp.torch;

namespace Moesaic.Models.DeepseekV3;

/// <summary>DeepSeek-V3, R1 and Kimi-K2: latent attention; 256 routed experts in 8 groups, 8 a token from the best 4 groups, and one shared.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2412.19437. Checkpoint: deepseek-ai/DeepSeek-V3. Its layer 61 predicts one more token and is not used.</remarks>
[MoeModel("deepseek_v3", Architectures = ["DeepseekV3ForCausalLM"], Ignored = ["model.layers.{num_hidden_layers}.*"])]
public sealed partial class DeepseekV3ForCausalLm(DeepseekV3Config config) : CausalLm<DeepseekV3Config, DeepseekV3DecoderLayer>(config);

/// <summary>Attention, then a dense MLP in the first layers and experts in the others.</summary>
[Module]
public sealed partial class DeepseekV3DecoderLayer(DeepseekV3Config config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public MultiHeadLatentAttention SelfAttn { get; } = new(config, layerIndex, config.RopeInterleave);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public ExplicitModule Mlp { get; } = layerIndex < config.FirstKDenseReplace
        ? new GatedMlp(config.HiddenSize, config.IntermediateSize)
        : new DeepseekV3Moe(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + Mlp.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Sigmoid scores in float32; a bias moves the choice of groups and experts and never their weights.</summary>
[MoeBlock<GroupLimitedSigmoidRouter, SwiGlu>]
[RouterWeights(SelectionBias = "gate.e_score_correction_bias", Float32 = true)]
[SharedExperts]
public sealed partial class DeepseekV3Moe(DeepseekV3Config config) : MoeBlock(config);

/// <summary>What DeepSeek-V3 reads from config.json.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("scoring_func", "sigmoid")]
[ConfigSupports("topk_method", "noaux_tc")]
[ConfigSupports("moe_layer_freq", 1)]
public sealed partial record DeepseekV3Config : IDecoderConfig, ILatentAttentionConfig, IMoeConfig, ISharedExpertsConfig
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
    public bool RopeInterleave { get; init; } = true;
    public required RopeParameters RopeParameters { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 4096;
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; }

    public required int FirstKDenseReplace { get; init; }
    public required int TopkGroup { get; init; }
    public bool NormTopkProb { get; init; } = true;
    public required double RoutedScalingFactor { get; init; }
    [ConfigKey("n_group")] public required int NumExpertGroups { get; init; }
    [ConfigKey("n_routed_experts")] public required int NumExperts { get; init; }
    [ConfigKey("n_shared_experts")] public required int NumSharedExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    public int SharedExpertsIntermediateSize => NumSharedExperts * MoeIntermediateSize;
}
