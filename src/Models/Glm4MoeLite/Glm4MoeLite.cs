using static TorchSharp.torch;

namespace Moesaic.Models.Glm4MoeLite;

/// <summary>GLM-4.7-Flash: GLM-4.5's experts below DeepSeek's latent attention; 64 routed experts, 4 a token, and one shared.</summary>
/// <remarks>Checkpoint: zai-org/GLM-4.7-Flash. Its layer 47 predicts one more token and is not used.</remarks>
[MoeModel("glm4_moe_lite", Architectures = ["Glm4MoeLiteForCausalLM"], Ignored = ["model.layers.{num_hidden_layers}.*"])]
public sealed partial class Glm4MoeLiteForCausalLm(Glm4MoeLiteConfig config) : CausalLm<Glm4MoeLiteConfig, Glm4MoeLiteDecoderLayer>(config);

/// <summary>Attention, then a dense MLP or experts, as the config lists the layers.</summary>
[Module]
public sealed partial class Glm4MoeLiteDecoderLayer(Glm4MoeLiteConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public MultiHeadLatentAttention SelfAttn { get; } = new(config, layerIndex, config.RopeInterleave);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public ExplicitModule Mlp { get; } = config.MlpLayerTypes.IsSparse(layerIndex)
        ? new Glm4MoeLiteMoe(config)
        : new GatedMlp(config.HiddenSize, config.IntermediateSize);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + Mlp.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Sigmoid scores in float32; a bias moves the choice of experts and never their weights.</summary>
[MoeBlock<GroupLimitedSigmoidRouter, SwiGlu>]
[RouterWeights(SelectionBias = "gate.e_score_correction_bias", Float32 = true)]
[SharedExperts]
public sealed partial class Glm4MoeLiteMoe(Glm4MoeLiteConfig config) : MoeBlock(config);

/// <summary>What GLM-4.7-Flash reads from config.json.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("topk_method", "noaux_tc")]
public sealed partial record Glm4MoeLiteConfig : IDecoderConfig, ILatentAttentionConfig, IMoeConfig, ISharedExpertsConfig
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
    public int MaxPositionEmbeddings { get; init; } = 202752;
    public double RmsNormEps { get; init; } = 1e-5;
    public bool TieWordEmbeddings { get; init; }

    public required MlpLayerTypes MlpLayerTypes { get; init; }
    public int TopkGroup { get; init; } = 1;
    public bool NormTopkProb { get; init; } = true;
    public double RoutedScalingFactor { get; init; } = 1.8;
    [ConfigKey("n_group")] public int NumExpertGroups { get; init; } = 1;
    [ConfigKey("n_routed_experts")] public required int NumExperts { get; init; }
    [ConfigKey("n_shared_experts")] public required int NumSharedExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    public int SharedExpertsIntermediateSize => NumSharedExperts * MoeIntermediateSize;
}
