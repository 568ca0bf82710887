using static TorchSharp.torch;

namespace Moesaic.Models.SolarOpen;

/// <summary>Solar Open: plain grouped-query attention; GLM-4.5's experts in every layer, 128 routed, 8 a token, and one shared.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2601.07022. Checkpoint: upstage/Solar-Open-100B.</remarks>
[MoeModel("solar_open", Architectures = ["SolarOpenForCausalLM"])]
public sealed partial class SolarOpenForCausalLm(SolarOpenConfig config) : CausalLm<SolarOpenConfig, SolarOpenDecoderLayer>(config);

/// <summary>Attention, then experts, each on a normed residual stream.</summary>
[Module]
public sealed partial class SolarOpenDecoderLayer(SolarOpenConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public GroupedQueryAttention SelfAttn { get; } = new(config, layerIndex, config.AttentionBias);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public SolarOpenMoe Mlp { get; } = new(config);

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
public sealed partial class SolarOpenMoe(SolarOpenConfig config) : MoeBlock(config);

/// <summary>What Solar Open reads from config.json.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("use_qk_norm", false)]
[ConfigSupports("first_k_dense_replace", 0)]
public sealed partial record SolarOpenConfig : IDecoderConfig, IAttentionConfig, IMoeConfig, ISharedExpertsConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int MoeIntermediateSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim { get; init; } = 128;
    public int? SlidingWindow => null;
    public bool AttentionBias { get; init; }
    public required RopeParameters RopeParameters { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 131072;
    public double RmsNormEps { get; init; } = 1e-5;
    public bool TieWordEmbeddings { get; init; }

    public int TopkGroup { get; init; } = 1;
    public bool NormTopkProb { get; init; } = true;
    public double RoutedScalingFactor { get; init; } = 1;
    [ConfigKey("n_group")] public int NumExpertGroups { get; init; } = 1;
    [ConfigKey("n_routed_experts")] public required int NumExperts { get; init; }
    [ConfigKey("n_shared_experts")] public required int NumSharedExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    public int SharedExpertsIntermediateSize => NumSharedExperts * MoeIntermediateSize;
}
