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
