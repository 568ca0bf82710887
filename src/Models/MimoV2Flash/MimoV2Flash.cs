using static TorchSharp.torch;

namespace Moesaic.Models.MimoV2Flash;

/// <summary>MiMo-V2-Flash: five sliding layers with sinks for one that sees all; 256 routed experts, 8 a token, none shared.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2601.02780. Checkpoint: XiaomiMiMo/MiMo-V2-Flash, whose layers that predict more tokens are not used.</remarks>
[MoeModel("mimo_v2_flash", Architectures = ["MiMoV2FlashForCausalLM"], Ignored = ["model.mtp.*"])]
public sealed partial class MimoV2FlashForCausalLm(MimoV2FlashConfig config) : CausalLm<MimoV2FlashConfig, MimoV2FlashDecoderLayer>(config);

/// <summary>Attention, then a dense MLP or experts, as the config lists the layers.</summary>
[Module]
public sealed partial class MimoV2FlashDecoderLayer(MimoV2FlashConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public MimoV2FlashAttention SelfAttn { get; } = new(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public ExplicitModule Mlp { get; } = config.MlpLayerTypes.IsSparse(layerIndex)
        ? new MimoV2FlashMoe(config)
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
public sealed partial class MimoV2FlashMoe(MimoV2FlashConfig config) : MoeBlock(config);
